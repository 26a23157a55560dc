using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Timetable;

/// <summary>What the device's own copy of the timetable says of its room. Pure.</summary>
internal static class RoomTime
{
    /// <summary>Pupils come before the bell, and stay a moment after it.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(15);

    /// <summary>Without a timetable nobody knows: then there may be one.</summary>
    /// <param name="now">The hub's time.</param>
    public static bool MayBeInLesson(DeviceTimetable? timetable, DateTimeOffset now) => timetable is null || timetable.Occurrences.Any(o =>
        o.Phase is LessonPhase.Live or LessonPhase.Interrupted
        || (o.Phase is not (LessonPhase.Cancelled or LessonPhase.Missed) && o.StartsAt - Around <= now && now < o.EndsAt + Around));
}
