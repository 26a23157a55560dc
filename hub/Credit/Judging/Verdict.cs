using System.Globalization;

namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>Why, as a code with arguments; the words are in <c>ReasonText.resx</c> under <c>Reason.</c> and the code.</summary>
/// <param name="Arguments">Invariant texts: durations as "00:29:58" (hours, minutes, seconds), instants as round-trip UTC ("o"), decimals with two places, names as they are.</param>
internal sealed record Reason(string Code, params string[] Arguments)
{
    /// <summary>Whole seconds, cut: 29:59.9 is not half an hour.</summary>
    public static string Duration(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}");

    /// <returns>False when the text is not what <see cref="Duration"/> writes.</returns>
    public static bool TryReadDuration(string text, out TimeSpan time)
    {
        string[] parts = text.Split(':');
        bool read = parts.Length == 3 && text.Length <= 12;
        time = TimeSpan.Zero;
        if (!read || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int hours)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minutes)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            return false;
        }

        time = new TimeSpan(hours, minutes, seconds);
        return true;
    }

    public static string Instant(DateTimeOffset at) => at.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture);

    public bool Equals(Reason? other) => other is not null && Code == other.Code && Arguments.SequenceEqual(other.Arguments);

    public override int GetHashCode() => HashCode.Combine(Code, Arguments.Length);
}

/// <summary>How a receiving classroom took part.</summary>
/// <param name="Effective">Time in which it really received the lecturer, within the planned window.</param>
/// <param name="Valid">Its own time reaches the threshold: 有效听课.</param>
internal sealed record ReceiverVerdict(string SeatId, string Room, TimeSpan Effective, TimeSpan ByHub, TimeSpan ByAgent, bool Valid)
{
    /// <summary>Of the lecturer's time, what the room saw.</summary>
    public TimeSpan Seen { get; init; }

    /// <summary>Of the lecturer's time, what the room heard.</summary>
    public TimeSpan Heard { get; init; }

    /// <summary>Not valid by what the hub knows, but it would be if what only a person can weigh were true.</summary>
    public bool InDoubt { get; init; }
}

/// <summary>What a person earns by the lesson.</summary>
/// <param name="Units">课时 taught, exact hundredths.</param>
/// <param name="Ratio">认定课时 per 课时.</param>
/// <param name="Hours">认定课时: units × ratio, rounded half up to hundredths.</param>
internal sealed record CreditLine(Guid TeacherId, CreditRole Role, string? SeatId, decimal Units, decimal Ratio, decimal Hours, IReadOnlyList<Reason> Reasons);

/// <summary>The judgement of one occurrence under one policy version; a value without identity.</summary>
/// <param name="Required">Effective time from which the lesson is valid.</param>
/// <param name="Effective">By all evidence together: this one decides.</param>
/// <param name="ByHub">By the hub's observations alone.</param>
/// <param name="ByAgents">By the agents' observations alone.</param>
internal sealed record Verdict(
    JudgementStatus Status, string PolicyVersion, TimeSpan Planned, TimeSpan Required, TimeSpan Effective, TimeSpan ByHub, TimeSpan ByAgents,
    IReadOnlyList<ReceiverVerdict> Receivers, IReadOnlyList<CreditLine> Lines, IReadOnlyList<Reason> Reasons)
{
    /// <summary>The lesson, or one of its rooms, waits for a county administrator's decision.</summary>
    public bool NeedsDecision { get; init; }

    public decimal Hours => Lines.Sum(l => l.Hours);

    /// <summary>
    /// Says the same about the same seats and persons. What rooms are called, and fields that an older hub did not write, are not what a verdict
    /// says.
    /// </summary>
    public bool SaysAs(Verdict other) =>
        Status == other.Status && PolicyVersion == other.PolicyVersion && Planned == other.Planned && Required == other.Required && NeedsDecision == other.NeedsDecision
        && Effective == other.Effective && ByHub == other.ByHub && ByAgents == other.ByAgents
        && Receivers.Select(r => (r.SeatId, r.Effective, r.ByHub, r.ByAgent, r.Valid)).SequenceEqual(other.Receivers.Select(r => (r.SeatId, r.Effective, r.ByHub, r.ByAgent, r.Valid)))
        && Lines.Select(l => (l.TeacherId, l.Role, l.Units, l.Ratio, l.Hours)).SequenceEqual(other.Lines.Select(l => (l.TeacherId, l.Role, l.Units, l.Ratio, l.Hours)))
        && Reasons.Select(Nameless).SequenceEqual(other.Reasons.Select(other.Nameless));

    private Reason Nameless(Reason reason) =>
        new(reason.Code, [.. reason.Arguments.Select(a => Receivers.FirstOrDefault(r => r.Room == a)?.SeatId ?? a)]);
}
