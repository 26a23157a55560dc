namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Log events 3000–3099. Ids are never reused. No names of persons.</summary>
internal static partial class LessonsLog
{
    [LoggerMessage(3001, LogLevel.Information, "Lesson {LessonId}: {Fact} {SeatId} {Text}")]
    public static partial void BecameTrue(this ILogger log, Guid lessonId, LessonFactKind fact, string? seatId, string? text);

    [LoggerMessage(3002, LogLevel.Information, "Lesson {LessonId} goes on in phase {Phase} after {Facts} facts")]
    public static partial void GoesOn(this ILogger log, Guid lessonId, Contracts.LessonPhase phase, long facts);

    [LoggerMessage(3003, LogLevel.Error, "A piece of lesson work failed")]
    public static partial void WorkFailed(this ILogger log, Exception fault);

    [LoggerMessage(3004, LogLevel.Information, "Lesson {LessonId} was judged {Status}, revision {Revision}")]
    public static partial void Judged(this ILogger log, Guid lessonId, string status, int revision);

    [LoggerMessage(3005, LogLevel.Debug, "Lesson {LessonId}: {Command} by {SeatId} was refused: {Refusal}")]
    public static partial void Refused(this ILogger log, Guid lessonId, string command, string? seatId, Contracts.LessonRefusal refusal);
}
