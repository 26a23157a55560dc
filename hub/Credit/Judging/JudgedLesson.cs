using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;

namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>A receiving classroom as the judgement sees it.</summary>
/// <param name="Room">School and room as teachers know it; goes into reasons.</param>
/// <param name="AssistantId">辅助教师; null when nobody was named, then nobody is credited.</param>
internal sealed record JudgedReceiver(string SeatId, string Room, Guid? AssistantId);

/// <summary>One observed stretch at one seat. Order and overlap do not matter.</summary>
/// <param name="Good">False: the observer was there and saw that it did not go well (black, frozen, nothing decoded; more than half lost).</param>
internal readonly record struct Observation(
    string SeatId, EvidenceSource Source, EvidenceKind Kind, DateTimeOffset From, DateTimeOffset To, bool Good = true)
{
    /// <summary>A picture that moved.</summary>
    public bool Seen { get; init; } = Good;

    /// <summary>Sound.</summary>
    public bool Heard { get; init; } = Good;

    /// <summary>Whose claim it is; null: the hub's own observation.</summary>
    public string? Device { get; init; }

    /// <summary>The lecturer's stream that it is about; null: whichever.</summary>
    public string? Stream { get; init; }
}

/// <summary>A county administrator's word on a lesson.</summary>
/// <param name="Rooms">Seats of the receiving rooms whose class counts.</param>
internal sealed record JudgedDecision(JudgementStatus Outcome, IReadOnlyCollection<string> Rooms, string Reason, string By, DateTimeOffset At);

/// <summary>Everything a judgement rests on. All times UTC.</summary>
internal sealed record JudgedLesson
{
    public required LessonMode Mode { get; init; }

    /// <summary>Planned window, [StartsAt, EndsAt).</summary>
    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>One 课时 of this lesson's stage.</summary>
    public required TimeSpan StandardPeriod { get; init; }

    /// <summary>When the plan row was filed: only planned lessons (按照教学计划) are credited.</summary>
    public required DateTimeOffset FiledAt { get; init; }

    public required Guid LecturerId { get; init; }

    public required IReadOnlyList<JudgedReceiver> Receivers { get; init; }

    public required IReadOnlyList<Observation> Evidence { get; init; }

    /// <summary>When the hub itself was not there, within the window or beside it.</summary>
    public IReadOnlyList<Stretch> Outages { get; init; } = [];

    /// <summary>Null when it was not cancelled.</summary>
    public string? CancelReason { get; init; }

    /// <summary>Null when it was not cancelled.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>Null when nobody started it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null while it is not over.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The newest one; null: nobody decided.</summary>
    public JudgedDecision? Decision { get; init; }

    /// <summary>Persons of this lesson who hold hours of another lesson at the same time, with that lesson's name.</summary>
    public IReadOnlyDictionary<Guid, string> CreditedElsewhere { get; init; } = new Dictionary<Guid, string>();

    public TimeSpan Planned => EndsAt - StartsAt;

    /// <summary>How long within the planned window the lecturer's room recorded by itself while it could not reach the hub: somebody may have taught there.</summary>
    public TimeSpan RecordedAlone => TimeSpanSet
        .Of(Evidence.Where(e => e is { SeatId: "host", Kind: EvidenceKind.Recording, Good: true }).Select(e => new Stretch(e.From, e.To)))
        .Clip(StartsAt, EndsAt).Length;
}
