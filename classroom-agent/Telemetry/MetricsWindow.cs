using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>Evidence that waits for the hub.</summary>
internal sealed record Backlog(long Records, TimeSpan Oldest);

/// <summary>Gathers what one minute's report says: the load between two readings, pictures per second, the median of the round trips. Frames may come from any thread.</summary>
internal sealed class MetricsWindow(Guid boot, TimeProvider time) : IFrameSink
{
    private readonly List<double> _roundTrips = [];
    private ProcessorTimes? _times;
    private long _pictures;
    private long _since = time.GetTimestamp();

    /// <summary>See <see cref="MetricsReport.FramesWanted"/>.</summary>
    public double? PicturesWanted { get; init; }

    /// <summary>How long the camera has been open; null: it is not, and nobody counts its pictures.</summary>
    public Func<TimeSpan?> OpenFor { get; init; } = () => TimeSpan.MaxValue;

    /// <summary>Ends the interval of the microphone's level; null: none is known.</summary>
    public Func<double?> TakeLevel { get; init; } = () => null;

    /// <summary>Ends the interval of the media packets' loss; null: none is known.</summary>
    public Func<double?> TakeLoss { get; init; } = () => null;

    public void OnFrame(MediaFrame frame)
    {
        if (frame.Track == TrackKind.Video)
        {
            Interlocked.Increment(ref _pictures);
        }
    }

    public void OnRoundTrip(TimeSpan trip) => _roundTrips.Add(trip.TotalMilliseconds);

    /// <summary>Ends this window and begins the next.</summary>
    /// <param name="captures">There is a source to capture from.</param>
    /// <param name="backlog">Null: nothing is known of it.</param>
    public MetricsReport Take(MachineReadings machine, TimeSpan? clockOffset, bool captures, Backlog? backlog, long sequence)
    {
        double seconds = time.GetElapsedTime(_since).TotalSeconds;
        double? load = machine.Times is { } times && _times is { } before ? times.PercentSince(before) : null;
        long pictures = Interlocked.Exchange(ref _pictures, 0);
        (_times, _since) = (machine.Times, time.GetTimestamp());
        captures = captures && OpenFor() is { } open && open.TotalSeconds >= seconds;
        double? median = Median(_roundTrips);
        _roundTrips.Clear();
        return new MetricsReport(
            boot, sequence, time.GetUtcNow(), (long)machine.Uptime.TotalMilliseconds, Rounded(load), Rounded(machine.MemoryPercent), Rounded(machine.Celsius),
            machine.DataDisk?.Free, machine.DataDisk?.Total, Rounded(clockOffset?.TotalMilliseconds), Rounded(median), Rounded(TakeLoss()), backlog?.Records,
            Rounded(backlog?.Oldest.TotalSeconds), Rounded(TakeLevel()), captures && seconds > 0 ? Rounded(pictures / seconds) : null,
            captures ? PicturesWanted : null);
    }

    private static double? Median(List<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        List<double> sorted = [.. values.Order()];
        int middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 1) : null;
}
