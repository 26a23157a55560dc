using System.Collections.Immutable;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Everything that the engine remembers. Immutable: a step gives a new one, which counts when it is stored.</summary>
/// <param name="Alerts">By fingerprint: open, or over with that still to be told.</param>
/// <param name="Tracks">By fingerprint.</param>
internal sealed record AlertBook(
    ImmutableDictionary<string, Alert> Alerts, ImmutableDictionary<string, AlertGroup> Groups, ImmutableDictionary<string, FlapTrack> Tracks)
{
    public static readonly AlertBook Empty = new(
        ImmutableDictionary<string, Alert>.Empty, ImmutableDictionary<string, AlertGroup>.Empty, ImmutableDictionary<string, FlapTrack>.Empty);

    public IEnumerable<Alert> Open => Alerts.Values.Where(a => a.IsOpen);
}

/// <summary>What happened to an alert. Stored by name: rename nothing.</summary>
internal enum AlertEventKind
{
    Raised,
    SeverityChanged,

    /// <summary>Wrong again before its end was told.</summary>
    Returned,
    FlappingStarted,
    FlappingStopped,

    /// <summary>A message about it went into the queue.</summary>
    Told,

    /// <summary>It was time to tell it, and no channel takes it.</summary>
    ToldNobody,
    Ended,
    Acknowledged,
    Unacknowledged,
    Assigned,
    Unassigned,
    Noted,
    Silenced,
}

/// <summary>Something that the engine did with an alert.</summary>
/// <param name="Notice">Of <see cref="AlertEventKind.Told"/>.</param>
internal readonly record struct AlertHappening(Alert Alert, AlertEventKind Kind, NoticeKind? Notice = null);

/// <summary>A message to be worded and sent.</summary>
/// <param name="Active">What is wrong, the most urgent first; of a reminder, what nobody has acknowledged.</param>
/// <param name="Over">What is well again.</param>
/// <param name="Remaining">Told alerts of the group that go on and are not listed.</param>
/// <param name="Channels">Empty: every channel that takes the severity.</param>
internal sealed record PlannedNotice(
    string GroupKey, NoticeKind Kind, AlertSeverity Severity, IReadOnlyList<Alert> Active, IReadOnlyList<Alert> Over, int Remaining, DateTimeOffset At,
    IReadOnlyList<Guid> Channels);

/// <summary>What one step gives. Nothing of it counts until all of it is stored.</summary>
/// <param name="Closed">Alerts that are over with nothing left to tell: no longer in the book.</param>
internal sealed record AlertStep(
    AlertBook Before, AlertBook After, IReadOnlyList<Alert> Closed, IReadOnlyList<AlertHappening> Happenings, IReadOnlyList<PlannedNotice> Notices)
{
    public bool IsIdle => ReferenceEquals(Before, After) && Closed.Count == 0 && Happenings.Count == 0 && Notices.Count == 0;
}
