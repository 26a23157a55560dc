using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>The process's monotonic clock in the media library's terms.</summary>
internal static class MonoClock
{
    public static MonoTime Now(TimeProvider time) => At(time, time.GetTimestamp());

    public static MonoTime At(TimeProvider time, long timestamp)
    {
        long frequency = time.TimestampFrequency;
        return new MonoTime((timestamp / frequency * 1_000_000_000) + (timestamp % frequency * 1_000_000_000 / frequency));
    }

    /// <summary>As a time span from the clock's origin; the timeline of captured frames.</summary>
    public static TimeSpan AsSpan(this MonoTime time) => TimeSpan.FromTicks(time.Nanoseconds / 100);
}
