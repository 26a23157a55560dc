using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>What is wrong now.</summary>
/// <param name="Part">The part's id as the device names it; empty: the device as a whole.</param>
/// <param name="Since">UTC of the hub: when it began, not when it was raised.</param>
/// <param name="Value">The reading that decided, in the kind's unit; null: none.</param>
/// <param name="Recovering">The condition is gone but not for long enough yet.</param>
internal sealed record CurrentIssue(IssueKind Kind, string Part, DateTimeOffset Since, double? Value, IssueSeverity Severity, bool Recovering);

/// <summary>An issue came or went.</summary>
/// <param name="At">UTC of the hub.</param>
internal sealed record IssueChange(IssueKind Kind, string Part, bool Raised, DateTimeOffset Since, DateTimeOffset At, double? Value, IssueSeverity Severity, bool Historical);

/// <summary>Why a device is in its state. Pages say it as a sentence; the words are in the resources.</summary>
/// <param name="Key"><c>Health.Why.…</c> or <c>Issue.….What</c>.</param>
/// <param name="Kind">The issue that decided; null: something else than an issue did.</param>
/// <param name="Text">What staff wrote: the reason for the maintenance.</param>
internal sealed record HealthReason(string Key, IssueKind? Kind = null, string Part = "", double? Value = null, DateTimeOffset? Since = null, string? Text = null);

/// <summary>A device's health at one moment. Immutable.</summary>
/// <param name="Issues">Worst first.</param>
/// <param name="Since">UTC: in this state since.</param>
/// <param name="ConnectedAt">UTC: of its present or last connection; not when it was last seen.</param>
/// <param name="LastHeard">UTC: its last sign of life over the broker.</param>
/// <param name="Contact">UTC: its last request to the hub, by whatever way.</param>
internal sealed record HealthView(
    HealthState State, HealthReason Reason, DateTimeOffset Since, PresenceState Presence, RoomMoment Moment, IReadOnlyList<CurrentIssue> Issues,
    RoomLesson? Lesson, RoomLesson? Next, DateTimeOffset? ConnectedAt, DateTimeOffset? LastHeard, DateTimeOffset? Contact)
{
    public IssueSeverity? Worst => Issues.Count == 0 ? null : Issues.Max(i => i.Severity);

    /// <summary>Somebody should go there, or call.</summary>
    public bool NeedsHand => State is HealthState.Critical or HealthState.Degraded;
}

/// <summary>What the hub knows besides the device's own reports.</summary>
/// <param name="AbsentParts">Declared absent on purpose by staff.</param>
/// <param name="Times">The room's lessons.</param>
/// <param name="Contact">The last request over HTTP or SignalR; null: none since the hub's start.</param>
/// <param name="WantedVersion">Of the agent; an earlier one is behind. Null: any will do.</param>
/// <param name="MissesLessonSince">Its room's lesson is live since then and the device is not in it; null: no such lesson.</param>
/// <param name="PasswordSince">UTC: when its password at the broker was made; null: it has none.</param>
internal sealed record HealthContext(
    DateTimeOffset EnrolledAt, DateTimeOffset? DisabledAt, IReadOnlySet<PartKind> AbsentParts, MaintenanceWindow? Maintenance, RoomTimes Times, Sight Sight,
    DateTimeOffset? Contact = null, DateTimeOffset? MissesLessonSince = null, DateTimeOffset? PasswordSince = null,
    string? WantedVersion = null);

/// <param name="To">Exclusive.</param>
internal sealed record MaintenanceWindow(DateTimeOffset From, DateTimeOffset To, string Reason)
{
    public bool Covers(DateTimeOffset now) => From <= now && now < To;
}
