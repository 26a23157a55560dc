namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>Why, as a code with arguments; the words are in <c>CreditText.resx</c> under <c>Reason.</c> and the code.</summary>
/// <param name="Arguments">Invariant texts: minutes as "38.5", instants as round-trip UTC ("o"), decimals with two places, names as they are.</param>
internal sealed record Reason(string Code, params string[] Arguments)
{
    public bool Equals(Reason? other) => other is not null && Code == other.Code && Arguments.SequenceEqual(other.Arguments);

    public override int GetHashCode() => HashCode.Combine(Code, Arguments.Length);
}

/// <summary>How a receiving classroom took part.</summary>
/// <param name="Effective">Time in which it really received the lecturer, within the planned window.</param>
/// <param name="Valid">Its own time reaches the threshold: 有效听课.</param>
internal sealed record ReceiverVerdict(string SeatId, string Room, TimeSpan Effective, TimeSpan ByHub, TimeSpan ByAgent, bool Valid);

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
    public decimal Hours => Lines.Sum(l => l.Hours);
}
