using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>Lets one key-frame request through per interval; a request in between is kept and goes out at the interval's end.</summary>
public struct PliThrottle
{
    /// <summary>Encoders answer a request with a burst of several frames' size; more than two a second would starve everything else.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private MonoTime? _last;

    public bool Wanted { get; private set; }

    public readonly MonoTime? NextDeadline => !Wanted ? null : _last is { } last ? last + Interval : new MonoTime(long.MinValue);

    public void Ask() => Wanted = true;

    /// <summary>A key frame came: nobody waits any more.</summary>
    public void Answered() => Wanted = false;

    /// <summary>True when a request is to be sent now.</summary>
    public bool TryTake(MonoTime now)
    {
        if (!Wanted || (_last is { } last && now < last + Interval))
        {
            return false;
        }

        _last = now;
        Wanted = false;
        return true;
    }
}
