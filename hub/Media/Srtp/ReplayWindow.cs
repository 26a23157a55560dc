namespace ThreeClassrooms.Media.Srtp;

/// <summary>Which of the last 128 packet indices have been seen (RFC 3711 §3.3.2). A mutable value; default: nothing seen.</summary>
internal struct ReplayWindow
{
    public const int Size = 128;
    private UInt128 _seen; // bit 0 is _highest

    /// <summary>The highest index accepted; meaningful when <see cref="Started"/>.</summary>
    public ulong Highest { get; private set; }

    public bool Started { get; private set; }

    /// <summary>True when the index is new and not too old. Changes nothing.</summary>
    public readonly bool IsFresh(ulong index)
    {
        if (!Started || index > Highest)
        {
            return true;
        }

        var age = Highest - index;
        return age < Size && (_seen >> (int)age & UInt128.One) == UInt128.Zero;
    }

    /// <summary>Marks an authenticated index as seen.</summary>
    public void Accept(ulong index)
    {
        if (!Started)
        {
            (Started, Highest, _seen) = (true, index, UInt128.One);
        }
        else if (index > Highest)
        {
            var step = index - Highest;
            _seen = step >= Size ? UInt128.One : (_seen << (int)step) | UInt128.One;
            Highest = index;
        }
        else if (Highest - index is var age and < Size)
        {
            _seen |= UInt128.One << (int)age;
        }
    }
}
