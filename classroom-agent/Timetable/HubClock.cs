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
    private TimeSpan? _remembered;
    private DateTimeOffset? _sampledAt;

    /// <summary>Hub clock minus device clock; zero before the first answer, unless one is remembered.</summary>
    public TimeSpan Offset => Known ?? TimeSpan.Zero;

    /// <summary>Like <see cref="Offset"/>; null: never compared.</summary>
    public TimeSpan? Known
    {
        get
        {
            lock (_gate)
            {
                return _best?.Offset ?? _remembered;
            }
        }
    }

    /// <summary>When the newest answer came, by the device's clock; null before the first.</summary>
    public DateTimeOffset? SampledAt
    {
        get
        {
            lock (_gate)
            {
                return _sampledAt;
            }
        }
    }

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
            _sampledAt = receivedAt;
            if (_samples.Count > Kept)
            {
                _samples.Dequeue();
            }

            var chosen = _samples.MinBy(s => s.RoundTrip);
            _best = (chosen.Offset, chosen.RoundTrip / 2);
        }
    }

    /// <summary>What was found before the agent was started; nobody knows how good it still is.</summary>
    public void Remember(TimeSpan offset)
    {
        lock (_gate)
        {
            _remembered = offset;
        }
    }

    /// <summary>Somebody set the device's clock, as the monotonic clock tells: what was measured holds, moved by as much.</summary>
    /// <param name="by">New minus old.</param>
    public void OnDeviceClockSet(TimeSpan by)
    {
        lock (_gate)
        {
            foreach (var sample in _samples.ToArray())
            {
                _samples.Dequeue();
                _samples.Enqueue((sample.Offset - by, sample.RoundTrip));
            }

            _best = _best is { } best ? (best.Offset - by, best.Error) : null;
            (_remembered, _sampledAt) = (_remembered - by, _sampledAt + by);
        }
    }

    /// <summary>The hub's time at a moment of the device's clock.</summary>
    public DateTimeOffset ToHub(DateTimeOffset device) => device + Offset;
}
