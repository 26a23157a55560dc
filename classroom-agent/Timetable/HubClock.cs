namespace ThreeClassrooms.Agent.Timetable;

/// <summary>
/// Estimates the hub's clock from answers that carry its time: of the last eight, the one with the shortest round trip counts
/// (its error is at most half of that). Safe to use from anywhere.
/// </summary>
internal sealed class HubClock
{
    private const int Kept = 8;
    private readonly Lock _gate = new();
    private readonly Queue<(TimeSpan Offset, TimeSpan RoundTrip)> _samples = new();
    private (TimeSpan Offset, TimeSpan Error)? _best;

    /// <summary>Hub clock minus device clock; zero before the first answer.</summary>
    public TimeSpan Offset => Best?.Offset ?? TimeSpan.Zero;

    /// <summary>How far <see cref="Offset"/> may be off; null before the first answer.</summary>
    public TimeSpan? Error => Best?.Error;

    private (TimeSpan Offset, TimeSpan Error)? Best
    {
        get
        {
            lock (_gate)
            {
                return _best;
            }
        }
    }

    /// <param name="hubTime">The hub's clock when it wrote the answer, UTC.</param>
    /// <param name="receivedAt">The device's clock when the answer arrived, UTC.</param>
    /// <param name="roundTrip">From sending to receiving, by a monotonic clock.</param>
    public void OnSample(DateTimeOffset hubTime, DateTimeOffset receivedAt, TimeSpan roundTrip)
    {
        if (roundTrip < TimeSpan.Zero || roundTrip > TimeSpan.FromSeconds(30))
        {
            return;
        }

        lock (_gate)
        {
            TimeSpan offset = hubTime + (roundTrip / 2) - receivedAt;
            if (_best is { } best && (offset - best.Offset).Duration() > best.Error + (roundTrip / 2) + TimeSpan.FromSeconds(1))
            {
                // One of the clocks was set: what was measured before says nothing any more.
                _samples.Clear();
            }

            _samples.Enqueue((offset, roundTrip));
            if (_samples.Count > Kept)
            {
                _samples.Dequeue();
            }

            var chosen = _samples.MinBy(s => s.RoundTrip);
            _best = (chosen.Offset, chosen.RoundTrip / 2);
        }
    }

    /// <summary>The hub's time at a moment of the device's clock.</summary>
    public DateTimeOffset ToHub(DateTimeOffset device) => device + Offset;
}
