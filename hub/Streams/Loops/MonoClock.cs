using System.Diagnostics;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>The process's monotonic clock in the form the media library takes.</summary>
internal static class MonoClock
{
    private static readonly double NanosPerTick = 1e9 / Stopwatch.Frequency;

    public static MonoTime Now => Stopwatch.Frequency == 1_000_000_000
        ? new MonoTime(Stopwatch.GetTimestamp())
        : new MonoTime((long)(Stopwatch.GetTimestamp() * NanosPerTick));
}
