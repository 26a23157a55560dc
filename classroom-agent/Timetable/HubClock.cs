namespace ThreeClassrooms.Agent.Timetable;

/// <summary>
/// The hub's time, estimated from answers that carry it and carried on by the monotonic clock: setting the device's clock changes nothing. Of the last eight
/// answers the one with the shortest round trip counts (its error is at most half of that). Before the first answer the device's own clock serves. Safe to use
/// from anywhere.
/// </summary>
internal sealed class HubClock(TimeProvider time)
{
    private const int Kept = 8;
    private readonly Lock _gate = new();
    private readonly Queue<(TimeSpan Apart, TimeSpan RoundTrip)> _samples = new();
    private (TimeSpan Apart, TimeSpan Error)? _best;
    private TimeSpan? _remembered;
    private TimeSpan? _sampledAt;

    /// <summary>The hub's time now.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_gate)
            {
                return _best is { } best ? DateTimeOffset.UnixEpoch + Mono + best.Apart : time.GetUtcNow() + (_remembered ?? TimeSpan.Zero);
            }
        }
    }

    /// <summary>The hub has told its time since the agent was started; before that <see cref="Now"/> may be off by any amount.</summary>
    public bool IsCompared
    {
        get
        {
            lock (_gate)
            {
                return _best is not null;
            }
        }
    }

    /// <summary>Hub clock minus device clock, now; zero before the first answer, unless one is remembered.</summary>
    public TimeSpan Offset => Known ?? TimeSpan.Zero;

    /// <summary>Like <see cref="Offset"/>; null: never compared.</summary>
    public TimeSpan? Known
    {
        get
        {
            lock (_gate)
            {
                return _best is { } best ? DateTimeOffset.UnixEpoch + Mono + best.Apart - time.GetUtcNow() : _remembered;
            }
        }
    }

    /// <summary>How long ago the newest answer came, by the monotonic clock; null before the first.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_gate)
            {
                return Mono - _sampledAt;
            }
        }
    }

    /// <summary>How far <see cref="Now"/> may be off; null before the first answer.</summary>
    public TimeSpan? Error
    {
        get
        {
            lock (_gate)
            {
                return _best?.Error;
            }
        }
    }

    private TimeSpan Mono => TimeSpan.FromTicks((long)((decimal)time.GetTimestamp() * TimeSpan.TicksPerSecond / time.TimestampFrequency));

    /// <summary>An answer has just arrived.</summary>
    /// <param name="hubTime">The hub's clock when it wrote the answer, UTC.</param>
    /// <param name="roundTrip">From sending to receiving, by a monotonic clock.</param>
    public void OnSample(DateTimeOffset hubTime, TimeSpan roundTrip)
    {
        if (roundTrip < TimeSpan.Zero || roundTrip > TimeSpan.FromSeconds(30))
        {
            return;
        }

        lock (_gate)
        {
            TimeSpan apart = hubTime + (roundTrip / 2) - DateTimeOffset.UnixEpoch - Mono;
            if (_best is { } best && (apart - best.Apart).Duration() > best.Error + (roundTrip / 2) + TimeSpan.FromSeconds(1))
            {
                // The hub's clock was set, or the machine slept: what was measured before says nothing any more.
                _samples.Clear();
            }

            _samples.Enqueue((apart, roundTrip));
            _sampledAt = Mono;
            if (_samples.Count > Kept)
            {
                _samples.Dequeue();
            }

            var chosen = _samples.MinBy(s => s.RoundTrip);
            _best = (chosen.Apart, chosen.RoundTrip / 2);
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

    /// <summary>Somebody set the device's clock (the network's time, most likely): what was remembered was of the clock as it was.</summary>
    public void OnDeviceClockSet()
    {
        lock (_gate)
        {
            _remembered = null;
        }
    }
}
