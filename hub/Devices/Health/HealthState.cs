namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>How a device is, derived; never only "online" or "offline".</summary>
internal enum HealthState
{
    /// <summary>Connected, reporting, nothing wrong.</summary>
    Healthy,

    /// <summary>Something is wrong that does not stop the lesson of this moment.</summary>
    Degraded,

    /// <summary>A lesson takes place or begins soon, and this device cannot carry it; or it is in danger at any hour.</summary>
    Critical,

    /// <summary>Not seen now: switched off outside lessons, silent since it was enrolled, or the hub itself is blind.</summary>
    Unmonitored,

    /// <summary>Staff work on it; its faults are shown but need nobody's hand.</summary>
    Maintenance,

    /// <summary>Enrolled a short while ago and not reporting yet.</summary>
    Onboarding,

    /// <summary>Staff took its rights away.</summary>
    Disabled,
}

/// <summary>How soon somebody must see to an issue; decided anew at every moment by the room's timetable.</summary>
internal enum IssueSeverity
{
    Information,
    Warning,
    Critical,
}

/// <summary>What can be wrong: what the hub sees itself, and every <see cref="Contracts.FaultKind"/> by the same name. Stored by name: rename nothing.</summary>
internal enum IssueKind
{
    /// <summary>No connection to the hub's broker.</summary>
    Offline,

    /// <summary>Connected, but its reports stay away [seconds].</summary>
    NoHeartbeat,

    /// <summary>Its room's lesson is live and it has not joined [seconds].</summary>
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

    /// <summary>Its password at the broker is old [days].</summary>
    PasswordOld,
    CameraNotH264,
    RoomCalls,
}
