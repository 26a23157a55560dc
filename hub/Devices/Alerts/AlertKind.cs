using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>What an alert is about: every <see cref="IssueKind"/> by the same name, and what only many devices together show. Stored by name: rename nothing.</summary>
internal enum AlertKind
{
    /// <summary>All or nearly all devices of a school went away: its line or its power.</summary>
    SchoolOffline,

    /// <summary>The hub has lost its broker: it sees no device at all.</summary>
    HubBlind,

    Offline,
    NoHeartbeat,
    NotInLesson,
    CameraMissing,
    MicrophoneMissing,
    LoudspeakerMissing,
    DisplayMissing,
    CaptureCardMissing,
    MicrophoneSilent,
    PictureBlack,
    PictureFrozen,
    EncoderSlow,
    ProcessorHot,
    MemoryFull,
    DiskNearlyFull,
    DiskFailing,
    RecordingFailed,
    OutboxBacklog,
    ClockOff,
    NetworkPoor,
    RebootLoop,
    JoinFailed,
    IdentityClash,
    VersionBehind,
    OutboxDamaged,
    PasswordOld,
    CameraNotH264,
    RoomCalls,

    /// <summary>A device handed in what contradicts what is kept of it [records].</summary>
    EvidenceConflict,

    /// <summary>Something that a device handed in does not count, or stays with it for good [records].</summary>
    EvidenceAside,

    /// <summary>Lessons that the records do not decide [lessons]: a county administrator does.</summary>
    LessonsToDecide,
}

/// <summary>Kinds that somebody sees to in one go: a school's alerts of one family are one message. Part of stored group keys: rename nothing.</summary>
internal enum AlertFamily
{
    Connection,
    Parts,
    Picture,
    Machine,
    Records,
}

/// <summary>What is fixed about the kinds of alerts.</summary>
internal static class AlertKinds
{
    public static AlertKind Of(IssueKind issue) => Enum.Parse<AlertKind>(issue.ToString());

    /// <returns>Null: not about the health of one device.</returns>
    public static IssueKind? IssueOf(AlertKind kind) => Enum.TryParse(kind.ToString(), out IssueKind issue) ? issue : null;

    public static AlertFamily FamilyOf(AlertKind kind) => kind switch
    {
        AlertKind.SchoolOffline or AlertKind.HubBlind or AlertKind.Offline or AlertKind.NoHeartbeat or AlertKind.NotInLesson or AlertKind.JoinFailed
            or AlertKind.NetworkPoor => AlertFamily.Connection,
        AlertKind.CameraMissing or AlertKind.MicrophoneMissing or AlertKind.LoudspeakerMissing or AlertKind.DisplayMissing or AlertKind.CaptureCardMissing
            or AlertKind.CameraNotH264 or AlertKind.RoomCalls => AlertFamily.Parts,
        AlertKind.MicrophoneSilent or AlertKind.PictureBlack or AlertKind.PictureFrozen or AlertKind.EncoderSlow => AlertFamily.Picture,
        AlertKind.ProcessorHot or AlertKind.MemoryFull or AlertKind.DiskNearlyFull or AlertKind.DiskFailing or AlertKind.ClockOff or AlertKind.RebootLoop
            or AlertKind.IdentityClash or AlertKind.VersionBehind or AlertKind.PasswordOld => AlertFamily.Machine,
        AlertKind.RecordingFailed or AlertKind.OutboxBacklog or AlertKind.OutboxDamaged or AlertKind.EvidenceConflict or AlertKind.EvidenceAside or AlertKind.LessonsToDecide => AlertFamily.Records,
    };

    /// <summary>Its value is a number of records or lessons, which changes seldom and is always told as it is.</summary>
    public static bool Counts(AlertKind kind) => kind is AlertKind.EvidenceConflict or AlertKind.EvidenceAside or AlertKind.LessonsToDecide;

    /// <summary>What a device that cannot be reached, or a hub that cannot see, brings with it: muted where the cause has an alert of its own.</summary>
    public static bool FollowsFromSilence(AlertKind kind) =>
        kind is AlertKind.Offline or AlertKind.NoHeartbeat or AlertKind.NotInLesson or AlertKind.JoinFailed;

    /// <summary>How urgent a kind is by the timetable, unless a rule says otherwise.</summary>
    public static AlertSeverity SeverityOf(AlertKind kind, RoomMoment moment) => kind switch
    {
        AlertKind.HubBlind => moment == RoomMoment.InClass ? AlertSeverity.Critical : AlertSeverity.Warning,
        AlertKind.EvidenceConflict or AlertKind.EvidenceAside or AlertKind.LessonsToDecide => AlertSeverity.Warning,
        AlertKind.SchoolOffline => Of(IssueKinds.SeverityOf(IssueKind.Offline, moment)),
        _ => Of(IssueKinds.SeverityOf(IssueOf(kind)!.Value, moment)),
    };

    /// <summary>How long it must have lasted, unless a rule says otherwise. Devices' own issues have waited already.</summary>
    public static TimeSpan DurationOf(AlertKind kind) => kind == AlertKind.HubBlind ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;

    /// <summary>The cause is gone for so long before the alert is over: a school's devices come back one after the other.</summary>
    public static TimeSpan HoldOf(AlertKind kind) => kind == AlertKind.SchoolOffline ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;

    private static AlertSeverity Of(IssueSeverity severity) => severity switch
    {
        IssueSeverity.Information => AlertSeverity.Information,
        IssueSeverity.Warning => AlertSeverity.Warning,
        IssueSeverity.Critical => AlertSeverity.Critical,
    };
}
