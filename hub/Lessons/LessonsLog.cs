namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Log events 3000–3099. Ids are never reused. No names of persons.</summary>
internal static partial class LessonsLog
{
    [LoggerMessage(3001, LogLevel.Information, "Lesson {LessonId}: {Fact} {SeatId} {Text}")]
    public static partial void BecameTrue(this ILogger log, Guid lessonId, LessonFactKind fact, string? seatId, string? text);

    [LoggerMessage(3002, LogLevel.Information, "Lesson {LessonId} goes on in phase {Phase} after {Facts} facts")]
    public static partial void GoesOn(this ILogger log, Guid lessonId, Contracts.LessonPhase phase, long facts);

    [LoggerMessage(3003, LogLevel.Error, "A piece of work of lesson {LessonId} failed")]
    public static partial void WorkFailed(this ILogger log, Exception fault, Guid lessonId);

    [LoggerMessage(3004, LogLevel.Information, "Lesson {LessonId} was judged {Status}, revision {Revision}")]
    public static partial void Judged(this ILogger log, Guid lessonId, string status, int revision);

    [LoggerMessage(3005, LogLevel.Debug, "Lesson {LessonId}: {Command} by {SeatId} was refused: {Refusal}")]
    public static partial void Refused(this ILogger log, Guid lessonId, string command, string? seatId, Contracts.LessonRefusal refusal);

    [LoggerMessage(3006, LogLevel.Warning, "Lesson {LessonId}: {Facts} facts could not be stored yet; tried again in {Wait}")]
    public static partial void NotStoredYet(this ILogger log, Exception fault, Guid lessonId, int facts, TimeSpan wait);

    [LoggerMessage(3007, LogLevel.Warning, "Lesson {LessonId}: another hub stored facts of it; it is read again")]
    public static partial void Overtaken(this ILogger log, Guid lessonId);

    [LoggerMessage(3008, LogLevel.Warning, "A round over all lessons failed; the next one tries again")]
    public static partial void RoundFailed(this ILogger log, Exception fault);

    [LoggerMessage(3009, LogLevel.Warning, "Lesson {LessonId} could not be judged yet; tried again")]
    public static partial void JudgingFailed(this ILogger log, Exception fault, Guid lessonId);

    [LoggerMessage(3010, LogLevel.Warning, "Who still has the right to be connected could not be read; tried again in 2 s")]
    public static partial void StandingUnknown(this ILogger log, Exception fault);

    [LoggerMessage(3011, LogLevel.Warning, "The machine's clock was set by {Jump} while lessons are on: they go on by the monotonic clock")]
    public static partial void ClockJumped(this ILogger log, TimeSpan jump);
}
