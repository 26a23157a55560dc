namespace ThreeClassrooms.Contracts;

/// <summary>Values of <see cref="StreamRecord.Type"/>. The hub keeps records of types that it does not know.</summary>
public static class RecordTypes
{
    /// <summary>Stream evidence: <see cref="AttendanceRecord"/>.</summary>
    public const string Attendance = "attendance";

    /// <summary>Stream evidence: <see cref="ReceptionRecord"/>.</summary>
    public const string Reception = "reception";

    /// <summary>Stream evidence: <see cref="ReadinessRecord"/>.</summary>
    public const string Readiness = "readiness";

    /// <summary>Stream evidence: <see cref="RecordingRecord"/>.</summary>
    public const string Recording = "recording";

    /// <summary>Any stream: <see cref="GapRecord"/>.</summary>
    public const string Gap = "gap";

    /// <summary>Stream state: <see cref="ClockJumpRecord"/>.</summary>
    public const string ClockJump = "clock-jump";

    /// <summary>Stream state: the outbox before this one was damaged and set aside; no payload but <c>{}</c>.</summary>
    public const string OutboxDamaged = "outbox-damaged";
}

/// <summary>How a device took part in a lesson.</summary>
public enum AttendanceChange
{
    /// <summary>By its own timetable, with or without the hub: the room is open.</summary>
    Attends,

    /// <summary>The hub took it into the lesson.</summary>
    Joined,

    /// <summary>The connection to the hub went while the lesson was attended.</summary>
    CutOff,

    /// <summary>The agent was started anew in the middle of the lesson.</summary>
    Restarted,

    Left,
}

/// <param name="At">UTC by the hub's clock, as far as the device knew it.</param>
public sealed record AttendanceRecord(Guid LessonId, string SeatId, AttendanceChange Change, DateTimeOffset At);

/// <summary>A reception report, whether or not the hub heard of it while the lesson went on.</summary>
public sealed record ReceptionRecord(Guid LessonId, string SeatId, ReceptionReport Report);

public sealed record ReadinessRecord(Guid LessonId, string SeatId, Readiness Readiness);

/// <summary>The room's picture was kept in the device's own recording.</summary>
/// <param name="From">UTC by the hub's clock, as far as the device knew it; inclusive.</param>
/// <param name="To">Exclusive; at most a minute after <paramref name="From"/>.</param>
/// <param name="Linked">The hub could be reached meanwhile.</param>
public sealed record RecordingRecord(Guid LessonId, string SeatId, DateTimeOffset From, DateTimeOffset To, bool Linked);

/// <summary>Readings that were not written down because there was no room.</summary>
public sealed record GapRecord(long Count, DateTimeOffset From, DateTimeOffset To);

/// <summary>Somebody set the device's clock.</summary>
/// <param name="ByMs">New minus old.</param>
public sealed record ClockJumpRecord(long ByMs);
