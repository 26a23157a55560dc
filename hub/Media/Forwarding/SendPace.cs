using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>A bucket of packets: how fast history and repeats go out beside the live stream.</summary>
internal struct SendPace
{
    private readonly int _burst;
    private readonly long _nanosPerPacket;
    private long _fullAt; // when the bucket is full again

    public SendPace(int burst, TimeSpan perPacket)
    {
        _burst = burst;
        _nanosPerPacket = perPacket.Ticks * 100;
    }

    /// <summary>When the next packet may go; in the past: now.</summary>
    public readonly MonoTime Next => new(_fullAt - ((_burst - 1) * _nanosPerPacket));

    public bool TryTake(MonoTime now)
    {
        if (now < Next)
        {
            return false;
        }

        _fullAt = Math.Max(_fullAt, now.Nanoseconds) + _nanosPerPacket;
        return true;
    }
}
