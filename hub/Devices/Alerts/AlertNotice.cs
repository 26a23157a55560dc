namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>What a notice says. Stored by name.</summary>
internal enum NoticeKind
{
    /// <summary>A group begins, or has alerts that were not told yet.</summary>
    Firing,

    /// <summary>All that was told of a group is over.</summary>
    Resolved,

    /// <summary>A group goes on unchanged.</summary>
    Reminder,

    /// <summary>Many messages in one.</summary>
    Digest,

    /// <summary>Somebody tries a channel.</summary>
    Test,

    /// <summary>The daily sign of life: its absence is an alarm.</summary>
    Alive,
}

/// <summary>The names of <see cref="NoticeAlert.Labels"/> and <see cref="AlertNotice.GroupLabels"/>. None of them ever holds personal data.</summary>
internal static class AlertLabels
{
    public const string County = "county";
    public const string Town = "town";
    public const string School = "school";
    public const string Room = "room";

    /// <summary>The device's id.</summary>
    public const string Device = "device";

    /// <summary>The name of the alert's kind.</summary>
    public const string Kind = "kind";
}

/// <summary>One alert in a notice.</summary>
/// <param name="Fingerprint">16 hex digits of its labels: the same alert has the same one for ever.</param>
/// <param name="StartsAt">UTC.</param>
/// <param name="EndsAt">UTC; null: it goes on.</param>
/// <param name="Labels">See <see cref="AlertLabels"/>; those that do not apply are missing.</param>
/// <param name="Summary">What is the matter, one sentence.</param>
/// <param name="NextStep">What to try; empty: nothing.</param>
/// <param name="PagePath">Of the hub, begins with a slash.</param>
internal sealed record NoticeAlert(
    string Fingerprint, AlertSeverity Severity, bool IsResolved, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, IReadOnlyDictionary<string, string> Labels,
    string Summary, string NextStep, string PagePath);

/// <summary>One message to go out, already grouped and worded in the county's language.</summary>
/// <param name="GroupKey">Stable name of the group: one group's notices replace one another.</param>
/// <param name="Severity">The worst of its alerts.</param>
/// <param name="Alerts">The most urgent first.</param>
/// <param name="Truncated">How many more alerts there are than <paramref name="Alerts"/> holds.</param>
/// <param name="At">UTC.</param>
/// <param name="GroupLabels">Those that all its alerts share by the grouping: county, town, school.</param>
internal sealed record AlertNotice(
    string GroupKey, NoticeKind Kind, AlertSeverity Severity, string Title, IReadOnlyList<NoticeAlert> Alerts, int Truncated, DateTimeOffset At,
    IReadOnlyDictionary<string, string> GroupLabels);
