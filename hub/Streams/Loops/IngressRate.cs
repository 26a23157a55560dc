using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>What one publisher may send: a token bucket of two seconds. Honest ones stay far below; what a flood sends beyond it goes to nobody. One owner.</summary>
/// <param name="bitsPerSecond">Over all of its packets.</param>
internal sealed class IngressRate(long bitsPerSecond, MonoTime now)
{
    private const double BurstSeconds = 2;

    private double _bits = bitsPerSecond * BurstSeconds;
    private MonoTime _at = now;

    /// <summary>Packets beyond the rate.</summary>
    public long Dropped { get; private set; }

    /// <param name="bytes">Of the packet.</param>
    /// <returns>False: the packet is beyond the rate.</returns>
    public bool Admits(int bytes, MonoTime now)
    {
        if (now > _at)
        {
            _bits = Math.Min(bitsPerSecond * BurstSeconds, _bits + ((now - _at).TotalSeconds * bitsPerSecond));
            _at = now;
        }

        if (_bits < bytes * 8)
        {
            Dropped++;
            return false;
        }

        _bits -= bytes * 8;
        return true;
    }
}
