using System.Collections.Frozen;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>How much of a lesson an issue spoils.</summary>
internal enum IssueWeight
{
    /// <summary>The lesson cannot take place: critical in class, a warning else.</summary>
    StopsLesson,

    /// <summary>The device is not there: critical in class, a warning before the next lesson, information at night.</summary>
    Presence,

    /// <summary>The lesson suffers: a warning in class, information else.</summary>
    HurtsLesson,

    /// <summary>A warning at any hour.</summary>
    Always,

    /// <summary>Critical at any hour.</summary>
    Danger,

    /// <summary>Good to know.</summary>
    Notice,
}

/// <summary>What is fixed about the kinds of issues.</summary>
internal static class IssueKinds
{
    private static readonly FrozenDictionary<FaultKind, IssueKind> ByFault =
        Enum.GetValues<FaultKind>().ToFrozenDictionary(f => f, f => Enum.Parse<IssueKind>(f.ToString()));

    public static IssueKind Of(FaultKind fault) => ByFault[fault];

    /// <summary>What a part's failure is called when the device did not say.</summary>
    /// <returns>Null: nothing that staff could do something about.</returns>
    public static IssueKind? Of(PartKind part) => part switch
    {
        PartKind.Camera => IssueKind.CameraMissing,
        PartKind.Microphone => IssueKind.MicrophoneMissing,
        PartKind.Loudspeaker => IssueKind.LoudspeakerMissing,
        PartKind.Display => IssueKind.DisplayMissing,
        PartKind.CaptureCard => IssueKind.CaptureCardMissing,
        PartKind.Disk => IssueKind.DiskFailing,
        PartKind.Processor => IssueKind.ProcessorHot,
        PartKind.Memory => IssueKind.MemoryFull,
        PartKind.Clock => IssueKind.ClockOff,
        PartKind.Network => IssueKind.NetworkPoor,
        PartKind.Power => null,
    };

    /// <summary>The part that an issue is about: an absent part has no issues.</summary>
    /// <returns>Null: about the device as a whole.</returns>
    public static PartKind? PartOf(IssueKind kind) => kind switch
    {
        IssueKind.CameraMissing or IssueKind.CameraNotH264 or IssueKind.PictureBlack or IssueKind.PictureFrozen => PartKind.Camera,
        IssueKind.MicrophoneMissing or IssueKind.MicrophoneSilent => PartKind.Microphone,
        IssueKind.LoudspeakerMissing => PartKind.Loudspeaker,
        IssueKind.DisplayMissing => PartKind.Display,
        IssueKind.CaptureCardMissing => PartKind.CaptureCard,
        IssueKind.DiskNearlyFull or IssueKind.DiskFailing => PartKind.Disk,
        IssueKind.ProcessorHot or IssueKind.EncoderSlow => PartKind.Processor,
        IssueKind.MemoryFull => PartKind.Memory,
        IssueKind.ClockOff => PartKind.Clock,
        IssueKind.NetworkPoor => PartKind.Network,
        _ => null,
    };

    public static IssueWeight WeightOf(IssueKind kind) => kind switch
    {
        IssueKind.Offline or IssueKind.NoHeartbeat => IssueWeight.Presence,
        IssueKind.NotInLesson or IssueKind.JoinFailed or IssueKind.CameraMissing or IssueKind.CameraNotH264 or IssueKind.MicrophoneMissing or IssueKind.LoudspeakerMissing
            or IssueKind.DisplayMissing or IssueKind.CaptureCardMissing or IssueKind.RebootLoop => IssueWeight.StopsLesson,
        IssueKind.MicrophoneSilent or IssueKind.PictureBlack or IssueKind.PictureFrozen or IssueKind.EncoderSlow or IssueKind.ProcessorHot
            or IssueKind.MemoryFull or IssueKind.NetworkPoor => IssueWeight.HurtsLesson,
        IssueKind.DiskNearlyFull or IssueKind.DiskFailing or IssueKind.RecordingFailed or IssueKind.OutboxBacklog or IssueKind.ClockOff
            or IssueKind.OutboxDamaged or IssueKind.RoomCalls => IssueWeight.Always,
        IssueKind.IdentityClash => IssueWeight.Danger,
        IssueKind.VersionBehind or IssueKind.PasswordOld => IssueWeight.Notice,
    };

    public static IssueSeverity SeverityOf(IssueKind kind, RoomMoment moment) => (WeightOf(kind), moment) switch
    {
        (IssueWeight.Danger, _) => IssueSeverity.Critical,
        (IssueWeight.StopsLesson or IssueWeight.Presence, RoomMoment.InClass) => IssueSeverity.Critical,
        (IssueWeight.Presence, RoomMoment.Idle) or (IssueWeight.Notice, _) => IssueSeverity.Information,
        (IssueWeight.HurtsLesson, RoomMoment.InClass) => kind is IssueKind.MicrophoneSilent or IssueKind.PictureBlack or IssueKind.PictureFrozen
            ? IssueSeverity.Critical : IssueSeverity.Warning,
        (IssueWeight.HurtsLesson, _) => IssueSeverity.Information,
        _ => IssueSeverity.Warning,
    };
}
