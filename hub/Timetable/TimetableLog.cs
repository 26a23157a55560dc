namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Log events 2240–2249.</summary>
internal static partial class TimetableLog
{
    [LoggerMessage(2240, LogLevel.Warning, "Lesson {LessonId} was not stored, and its planner was told")]
    public static partial void LessonNotStored(this ILogger log, Exception fault, Guid lessonId);
}
