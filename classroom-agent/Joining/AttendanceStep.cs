using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Where the device stands in its next lesson.</summary>
internal enum AttendanceStage
{
    /// <summary>No lesson near.</summary>
    Idle,

    /// <summary>The room is open; the device checks itself.</summary>
    Preflight,

    /// <summary>In the lesson's room before it starts.</summary>
    Waiting,

    /// <summary>The lesson goes on.</summary>
    Live,

    /// <summary>The lesson is over; nothing is left to do in it.</summary>
    Done,
}

/// <summary>What the driver has to do; the state machine takes it as done.</summary>
internal abstract record AttendanceStep
{
    /// <summary>Check camera, microphone, screen, disk, network, clock and report to the hub.</summary>
    public sealed record CheckReadiness(DeviceOccurrence Lesson) : AttendanceStep;

    /// <summary>Call the hub's Join; the answer comes back as OnJoined or OnJoinRefused.</summary>
    public sealed record Join(Guid LessonId) : AttendanceStep;

    public sealed record Leave(Guid LessonId) : AttendanceStep;

    public sealed record StartPublishing(string StreamId) : AttendanceStep;

    public sealed record StopPublishing(string StreamId) : AttendanceStep;

    /// <summary>The hub does not know our stream though we think we send it: make the connection anew.</summary>
    public sealed record PublishAgain(string StreamId) : AttendanceStep;

    public sealed record StartWatching(string StreamId) : AttendanceStep;

    public sealed record StopWatching(string StreamId) : AttendanceStep;

    /// <summary>Show the waiting card; the driver keeps its countdown.</summary>
    public sealed record ShowCard(DeviceOccurrence Lesson) : AttendanceStep;

    /// <summary>Show the lesson instead of the card.</summary>
    public sealed record ShowLesson(DeviceOccurrence Lesson) : AttendanceStep;

    /// <summary>Show nothing; the device waits for its next lesson.</summary>
    public sealed record ShowIdle : AttendanceStep;

    /// <summary>The local timetable is behind the hub: fetch it.</summary>
    public sealed record RefreshTimetable : AttendanceStep;
}
