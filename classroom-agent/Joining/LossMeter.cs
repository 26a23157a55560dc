namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Media packets that were lost on the way, before any repair: of what this device sends as the hub reports it, of what it receives as its own numbers have gaps.
/// Counters of a connection go in, per cent of the worst stream come out. Thread-safe.
/// </summary>
internal sealed class LossMeter
{
    /// <summary>Two seconds of a camera and its microphone: one packet of fewer would look like a bad line.</summary>
    private const long FewestPackets = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Expected, long Missing)> _counted = [];
    private readonly Dictionary<string, (long Expected, long Missing)> _interval = [];

    /// <param name="stream">Of one direction.</param>
    /// <param name="expected">Packets that should have come since the connection began; a smaller number than before is a new connection.</param>
    /// <param name="missing">Of these, packets that did not; may fall when they come late.</param>
    public void OnCounters(string stream, long expected, long missing)
    {
        lock (_gate)
        {
            (long before, long missed) = _counted.GetValueOrDefault(stream);
            if (expected < before)
            {
                (before, missed) = (0, 0);
            }

            _counted[stream] = (expected, missing);
            (long sum, long lost) = _interval.GetValueOrDefault(stream);
            _interval[stream] = (sum + expected - before, lost + missing - missed);
        }
    }

    /// <summary>Ends the interval and begins the next.</summary>
    /// <returns>0 to 100; null: too few packets, or no lesson.</returns>
    public double? Take()
    {
        lock (_gate)
        {
            List<double> shares = [.. _interval.Values.Where(v => v.Expected >= FewestPackets).Select(v => 100.0 * Math.Clamp(v.Missing, 0, v.Expected) / v.Expected)];
            _interval.Clear();
            return shares.Count == 0 ? null : shares.Max();
        }
    }
}
