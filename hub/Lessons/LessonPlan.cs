namespace ThreeClassrooms.Hub.Lessons;

/// <summary>The times that rule a lesson, from <see cref="LessonsOptions"/> and the credit policy.</summary>
/// <param name="Bridge">How long the host's streams may be away before the lesson counts as interrupted.</param>
/// <param name="StartGrace">Not started so long after the bell is an alert.</param>
/// <param name="StopTakeBack">How long a stop can be taken back; zero: not at all.</param>
internal sealed record LessonRules(
    TimeSpan OpenBefore, TimeSpan ExtensionStep, TimeSpan ExtensionLimit, TimeSpan OverrunLimit, TimeSpan Bridge, TimeSpan StartGrace,
    TimeSpan StopTakeBack = default);

/// <summary>What the timetable says about one lesson; does not change once its room is open.</summary>
/// <param name="StartsAt">UTC, inclusive.</param>
/// <param name="EndsAt">UTC, exclusive.</param>
/// <param name="Seats">"host", "r1", ….</param>
internal sealed record LessonPlan(
    Guid LessonId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool StartsByTimetable, IReadOnlyList<string> Seats)
{
    public const string Host = "host";

    public bool IsReceiving(string seatId) => seatId != Host && Seats.Contains(seatId);
}
