namespace ThreeClassrooms.Contracts;

/// <summary>The three forms of a joint lesson (三个课堂). The policy treats their hours differently.</summary>
public enum LessonMode
{
    /// <summary>专递课堂: a lesson given for weak rural schools that cannot open the course.</summary>
    Dedicated,

    /// <summary>名师课堂: a master teacher's lesson shared with other teachers' classes.</summary>
    MasterTeacher,

    /// <summary>名校网络课堂: a quality school's open network lesson; earns the school points, not hours.</summary>
    Networked,
}

/// <summary>Where an occurrence stands. Order is the natural flow; <see cref="Cancelled"/> and <see cref="Missed"/> are side exits.</summary>
public enum LessonPhase
{
    /// <summary>In the timetable, nobody there yet.</summary>
    Planned,

    /// <summary>The room is open (bell − 10 min): seats may join, check themselves and wait.</summary>
    Ready,

    /// <summary>Teaching.</summary>
    Live,

    /// <summary>Live, but the host's picture and sound have been away for longer than the bridge.</summary>
    Interrupted,

    /// <summary>Over; evidence is being gathered.</summary>
    Ended,

    /// <summary>Judged and, where the policy says so, credited.</summary>
    Judged,

    /// <summary>因故停课: cancelled with a reason.</summary>
    Cancelled,

    /// <summary>无故停课: nobody started it before its grace ran out.</summary>
    Missed,
}

/// <summary>What a seat is for.</summary>
public enum SeatRole
{
    /// <summary>主讲: the lecturer's room; lecturer's browser and main device share the seat.</summary>
    Host,

    /// <summary>听讲: a receiving classroom.</summary>
    Receiving,
}

public enum StreamKind
{
    /// <summary>A camera with its microphone.</summary>
    Camera,

    /// <summary>A shared screen.</summary>
    Screen,
}

/// <summary>Who feeds a stream.</summary>
public enum StreamSource
{
    Device,
    Browser,
}

/// <summary>Result of one part of the readiness check. <see cref="Absent"/>: declared absent on purpose, no fault.</summary>
public enum PartState
{
    Unknown,
    Ok,
    Warning,
    Fault,
    Absent,
}

/// <summary>A seat's own check before the lesson (bell − 10 min).</summary>
/// <param name="ClockOffsetMs">Device clock minus hub clock in milliseconds.</param>
/// <param name="FreeDiskMb">Free space where recordings go, in MiB.</param>
public sealed record Readiness(
    PartState Camera, PartState Microphone, PartState Loudspeaker, PartState Screen, PartState Disk, PartState Network,
    int ClockOffsetMs, long FreeDiskMb, DateTimeOffset CheckedAt, CameraProblem CameraProblem = CameraProblem.None);

/// <summary>What is known of why a device has no picture to send.</summary>
public enum CameraProblem
{
    None,

    /// <summary>No camera was found where the device was to look for the first one there is.</summary>
    NotFound,

    /// <summary>The camera sends pictures, but not H.264.</summary>
    NotH264,
}

/// <summary>What a receiving seat decoded of one stream during the last interval (5 s).</summary>
/// <param name="StreamId">The stream that was watched, see <see cref="StreamIds"/>.</param>
/// <param name="From">Start of the interval, UTC, inclusive, by the hub's clock (the agent corrects by its measured offset).</param>
/// <param name="To">End of the interval, UTC, exclusive.</param>
/// <param name="FramesPerSecond">Decoded video frames per second.</param>
/// <param name="FreezeMs">Milliseconds within the interval during which the picture stood still (gaps over 500 ms count).</param>
/// <param name="Black">The picture was black throughout.</param>
/// <param name="SoundDb">Sound level, dBFS RMS, −90 (silence) to 0.</param>
/// <param name="LossPercent">Packets missing after recovery, percent.</param>
/// <param name="RoundTripMs">Round trip to the hub in milliseconds; null when not known.</param>
/// <param name="FirstPictureMs">From the WHEP answer to the first decoded picture, in milliseconds; null before it.</param>
public sealed record ReceptionReport(
    string StreamId, DateTimeOffset From, DateTimeOffset To, double FramesPerSecond, int FreezeMs, bool Black, double SoundDb,
    double LossPercent, double? RoundTripMs, double? FirstPictureMs);

/// <summary>One published stream as everybody in the lesson sees it.</summary>
/// <param name="Trouble">
/// Why it does not show what it should: "nothingComes", "notAuthentic", "noPicture", "noKeyFrame", "noParameterSets", "packetsUnusable"; null: it does.
/// </param>
public sealed record StreamState(string StreamId, StreamKind Kind, StreamSource Source, string? VideoCodec, bool HasAudio, string? Trouble = null);

/// <summary>One seat as everybody in the lesson sees it.</summary>
/// <param name="SeatId">"host", or "r1", "r2", …: fixed for the occurrence's life.</param>
/// <param name="Online">A device or browser of this seat is connected now.</param>
/// <param name="Sees">The seat sees the lecturer's picture move (decoded frames, not black); null: not known.</param>
/// <param name="Hears">The seat gets the lecturer's sound above the noise floor; null: not known.</param>
/// <param name="Muted">The seat's own microphone is muted (by the seat or the lecturer).</param>
/// <param name="MutedAtDevice">The host's seat: muted at the room's own device, where it is taken back.</param>
public sealed record SeatState(
    string SeatId, SeatRole Role, string Room, string School, bool Online, bool? Sees, bool? Hears, bool Muted,
    DateTimeOffset? HandRaisedAt, Readiness? Readiness, ReceptionReport? Reception, IReadOnlyList<StreamState> Streams, bool MutedAtDevice = false);

/// <summary>The whole visible state of a lesson; sent complete on every change. A client keeps the one with the highest <see cref="Version"/>.</summary>
/// <param name="EndsAt">Planned end plus extensions, UTC.</param>
/// <param name="Now">The hub's clock when it was sent, UTC: clients show the lesson clock by it, not by their own.</param>
/// <param name="StoppedAt">When the lecturer stopped, while that can still be taken back; null otherwise.</param>
/// <param name="TakeBackUntil">Until when it can be taken back.</param>
/// <param name="FloorSeat">The seat that has been granted the floor beside the lecturer; null: the lecturer alone.</param>
public sealed record LessonSnapshot(
    Guid LessonId, long Version, LessonPhase Phase, LessonMode Mode, string Subject, string Topic, string Lecturer,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset? LiveSince, DateTimeOffset Now, string? FloorSeat,
    bool Recording, bool StartsByTimetable, IReadOnlyList<SeatState> Seats, DateTimeOffset? StoppedAt = null, DateTimeOffset? TakeBackUntil = null);

/// <summary>A line of the lesson's chat.</summary>
public sealed record ChatLine(long Id, string SeatId, string Author, string Text, DateTimeOffset At);

/// <summary>What a caller may do in a lesson, told once on joining.</summary>
public enum LessonAccess
{
    /// <summary>Starts, extends, stops, gives the floor.</summary>
    Lecturer,

    /// <summary>A classroom device in its seat.</summary>
    Classroom,

    /// <summary>Looks on and says nothing: inspector, school head, county staff. Being there is logged.</summary>
    Observer,
}

/// <summary>Answer to joining a lesson.</summary>
/// <param name="SeatId">The caller's seat; null for observers.</param>
public sealed record JoinedLesson(LessonAccess Access, string? SeatId, LessonSnapshot Snapshot, IReadOnlyList<ChatLine> Chat);

public enum MediaDirection
{
    Publish,
    Watch,
}

/// <summary>Leave to make one WHIP or WHEP connection.</summary>
/// <param name="Url">Path on the hub to POST the offer to.</param>
/// <param name="Token">Bearer token: bound to lesson, seat, stream and direction.</param>
/// <param name="ExpiresAt">UTC. A connection made before it goes on after it.</param>
public sealed record MediaTicket(string StreamId, MediaDirection Direction, string Url, string Token, DateTimeOffset ExpiresAt);

/// <summary>Stream ids: the seat's id, a dash, the kind: "host-camera", "host-screen", "r1-camera".</summary>
public static class StreamIds
{
    public const string HostCamera = "host-camera";
    public const string HostScreen = "host-screen";

    public static string Of(string seatId, StreamKind kind) => $"{seatId}-{(kind == StreamKind.Screen ? "screen" : "camera")}";

    /// <summary>The seat part of a stream id; the whole text when there is no dash.</summary>
    public static string SeatOf(string streamId)
    {
        int dash = streamId.LastIndexOf('-');
        return dash < 0 ? streamId : streamId[..dash];
    }
}
