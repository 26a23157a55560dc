namespace ThreeClassrooms.Media.Ice;

/// <summary>Repeatable numbers from a seed (SplitMix64): transaction ids and jitter. Not for keys. A mutable value with one owner.</summary>
internal struct SeededBits(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E37_79B9_7F4A_7C15;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Evenly spread from <paramref name="low"/> (inclusive) to <paramref name="high"/> (exclusive).</summary>
    public TimeSpan Between(TimeSpan low, TimeSpan high) =>
        low + TimeSpan.FromTicks((long)(Next() % (ulong)Math.Max(1, high.Ticks - low.Ticks)));
}
