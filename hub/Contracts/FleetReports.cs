namespace ThreeClassrooms.Contracts;

/// <summary>The hub's birth and will on <see cref="FleetTopics.HubState"/>.</summary>
public sealed record HubState(bool Online, DateTimeOffset Since);

/// <summary>An agent's birth, clean farewell and will on <see cref="FleetTopics.State"/>.</summary>
/// <param name="Reason">Null in a birth; "shutdown" when stopped cleanly, "lost" in the will, "disabled" when the hub wrote it.</param>
/// <param name="Boot">New at every start of the machine.</param>
/// <param name="Connection">New at every connection: an offline whose connection is not the last birth's is stale and ignored.</param>
/// <param name="Since">UTC by the agent's own clock.</param>
/// <param name="Start">New at every start of the agent; null: an agent that does not tell.</param>
public sealed record AgentState(bool Online, string? Reason, Guid Boot, Guid Connection, DateTimeOffset Since, string AgentVersion, Guid? Start = null);

/// <summary>A part of a classroom device.</summary>
public enum PartKind
{
    Camera,
    Microphone,
    Loudspeaker,
    Display,
    CaptureCard,
    Disk,
    Processor,
    Memory,
    Clock,
    Network,
    Power,
}

/// <summary>How a part is.</summary>
public enum PartStatus
{
    Ok,

    /// <summary>Works, with a limit: a disk nearly full, a slow line, a hot processor.</summary>
    Warning,

    /// <summary>Does not do its work.</summary>
    Failed,

    /// <summary>Was there or is expected, and is not found.</summary>
    Missing,

    /// <summary>Declared absent on purpose: never a fault.</summary>
    Absent,

    /// <summary>This machine gives no reading of it.</summary>
    Unknown,
}

/// <param name="Id">Stable over restarts, unique in the device: "camera", "disk:/dev/sda".</param>
/// <param name="Name">As the machine names it: "Logitech BRIO"; no personal data.</param>
/// <param name="Fault">Set when <paramref name="Status"/> is Warning, Failed or Missing.</param>
/// <param name="Value">The reading that decided, in the fault's unit (see <see cref="FaultKind"/>); null: none.</param>
public sealed record PartReport(PartKind Kind, string Id, string Name, PartStatus Status, FaultKind? Fault, double? Value);

/// <summary>Inventory and state of the parts (<see cref="UpKind.Hardware"/>); sent again when it changes.</summary>
/// <param name="Sequence">Rises within one boot; an older one is ignored.</param>
public sealed record HardwareReport(
    Guid Boot, long Sequence, DateTimeOffset At, string AgentVersion, string OperatingSystem, string Model, string Processor, int ProcessorCount, long MemoryBytes,
    IReadOnlyList<PartReport> Parts);

/// <summary>The readings of one minute (<see cref="UpKind.Metrics"/>). Null: this machine gives no such reading.</summary>
/// <param name="MonoMs">Milliseconds since the machine started.</param>
/// <param name="ProcessorPercent">0 to 100, of all processors.</param>
/// <param name="DiskFreeBytes">Of the disk that holds the recordings.</param>
/// <param name="ClockOffsetMs">Agent's clock minus the hub's.</param>
/// <param name="RoundTripMs">To the hub, median of the minute.</param>
/// <param name="LossPercent">Media packets that the line lost, before any repair, of the worst stream of a lesson; null: no lesson.</param>
/// <param name="OutboxRecords">Evidence not yet acknowledged.</param>
/// <param name="OutboxAgeSeconds">Age of the oldest of these; 0 when there is none.</param>
/// <param name="InputLevelDb">
/// Microphone, RMS in dBFS of the minute's loudest second, −100 to 0; −120: nothing but zeros, as with a pulled cable; null: not capturing, or muted.
/// </param>
/// <param name="FramesPerSecond">Captured pictures; null: not capturing.</param>
/// <param name="FramesWanted">Pictures per second that the encoder is to give; 0: pictures are taken over as they come; null: not known.</param>
public sealed record MetricsReport(
    Guid Boot, long Sequence, DateTimeOffset At, long MonoMs, double? ProcessorPercent, double? MemoryPercent, double? TemperatureCelsius, long? DiskFreeBytes, long? DiskTotalBytes,
    double? ClockOffsetMs, double? RoundTripMs, double? LossPercent, long? OutboxRecords, double? OutboxAgeSeconds, double? InputLevelDb, double? FramesPerSecond,
    double? FramesWanted = null);

/// <summary>What can be wrong with a device; the unit of its reading in brackets.</summary>
public enum FaultKind
{
    CameraMissing,
    MicrophoneMissing,
    LoudspeakerMissing,
    DisplayMissing,
    CaptureCardMissing,

    /// <summary>The camera sends pictures that lessons cannot carry, such as H.265.</summary>
    CameraNotH264,

    /// <summary>静音: no sound from the microphone while a lesson runs [dBFS].</summary>
    MicrophoneSilent,

    /// <summary>黑屏: the picture is black while a lesson runs.</summary>
    PictureBlack,

    /// <summary>画面冻结: the picture has stood still while a lesson runs [seconds].</summary>
    PictureFrozen,

    /// <summary>The encoder drops pictures [pictures per second].</summary>
    EncoderSlow,

    /// <summary>[degrees Celsius]</summary>
    ProcessorHot,

    /// <summary>[per cent used]</summary>
    MemoryFull,

    /// <summary>[per cent free]</summary>
    DiskNearlyFull,

    /// <summary>SMART says that the disk fails.</summary>
    DiskFailing,

    RecordingFailed,

    /// <summary>[seconds, age of the oldest record not yet handed in]</summary>
    OutboxBacklog,

    /// <summary>[milliseconds off the hub's clock]</summary>
    ClockOff,

    /// <summary>[milliseconds of round trip, or per cent lost]</summary>
    NetworkPoor,

    /// <summary>Started three times or more within an hour [starts].</summary>
    RebootLoop,

    /// <summary>Could not join a lesson.</summary>
    JoinFailed,

    /// <summary>Two machines use one identity.</summary>
    IdentityClash,

    /// <summary>Runs another version than it should.</summary>
    VersionBehind,

    /// <summary>The outbox file was damaged, set aside and begun anew.</summary>
    OutboxDamaged,

    /// <summary>报修: somebody in the room asks for help.</summary>
    RoomCalls,
}

/// <summary>A fault came or went (<see cref="UpKind.Event"/>). Not evidence: what is now can always be read again from <see cref="HardwareReport"/>.</summary>
/// <param name="Historical">Sent late: counts in the history, never raises a live alert.</param>
public sealed record FaultEvent(Guid Id, Guid Boot, DateTimeOffset At, FaultKind Fault, string? PartId, bool Raised, double? Value, bool Historical);
