using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Log events 4001–4099. Ids are never reused; retired: 4019 (now 7001).</summary>
internal static partial class JoiningLog
{
    [LoggerMessage(4001, LogLevel.Information, "Connected to the hub")]
    public static partial void LinkUp(this ILogger log);

    [LoggerMessage(4002, LogLevel.Warning, "The connection to the hub ended")]
    public static partial void LinkDown(this ILogger log);

    [LoggerMessage(4003, LogLevel.Debug, "No connection to the hub: {Reason}")]
    public static partial void LinkRefused(this ILogger log, string reason);

    [LoggerMessage(4004, LogLevel.Warning, "{Method} failed: {Reason}")]
    public static partial void CallFailed(this ILogger log, string method, string reason);

    [LoggerMessage(4005, LogLevel.Information, "Lesson {LessonId}: {Stage}")]
    public static partial void StageReached(this ILogger log, Guid? lessonId, AttendanceStage stage);

    [LoggerMessage(4006, LogLevel.Information, "Joined lesson {LessonId} in seat {SeatId}")]
    public static partial void LessonJoined(this ILogger log, Guid lessonId, string? seatId);

    [LoggerMessage(4007, LogLevel.Warning, "Joining lesson {LessonId} was refused: {Refusal}")]
    public static partial void JoinRefused(this ILogger log, Guid lessonId, LessonRefusal refusal);

    [LoggerMessage(4008, LogLevel.Information, "{Direction} {StreamId}: connected over {Path} after {Milliseconds} ms")]
    public static partial void StreamUp(this ILogger log, MediaDirection direction, string streamId, string path, long milliseconds);

    [LoggerMessage(4009, LogLevel.Information, "{Direction} {StreamId}: ended ({Reason})")]
    public static partial void StreamEnded(this ILogger log, MediaDirection direction, string streamId, PeerEnd reason);

    [LoggerMessage(4010, LogLevel.Information, "{Direction} {StreamId}: no ticket ({Refusal})")]
    public static partial void TicketRefused(this ILogger log, MediaDirection direction, string streamId, LessonRefusal? refusal);

    [LoggerMessage(4011, LogLevel.Information, "{Direction} {StreamId}: refused ({Refusal})")]
    public static partial void OfferRefused(this ILogger log, MediaDirection direction, string streamId, HubRefusal refusal);

    [LoggerMessage(4012, LogLevel.Information, "Microphone muted: {Muted}")]
    public static partial void MicrophoneChanged(this ILogger log, bool muted);

    [LoggerMessage(4016, LogLevel.Information, "The floor makes the microphone {Step}")]
    public static partial void FloorDecided(this ILogger log, FloorStep step);

    [LoggerMessage(4013, LogLevel.Information, "{StreamId}: first picture {Milliseconds} ms after the answer")]
    public static partial void FirstPicture(this ILogger log, string streamId, double milliseconds);

    [LoggerMessage(4014, LogLevel.Warning, "{Direction} {StreamId}: the answer cannot be used ({Reason})")]
    public static partial void AnswerUnusable(this ILogger log, MediaDirection direction, string streamId, string reason);

    [LoggerMessage(4015, LogLevel.Information, "Readiness: camera {Camera}, microphone {Microphone}, screen {Screen}, disk {Disk}, network {Network}")]
    public static partial void ReadinessChecked(this ILogger log, PartState camera, PartState microphone, PartState screen, PartState disk, PartState network);
}
