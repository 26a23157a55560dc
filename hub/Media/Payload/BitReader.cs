namespace ThreeClassrooms.Media.Payload;

/// <summary>Bits of an H.264 raw byte sequence, most significant first, with emulation prevention bytes taken out; zeros past the end.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> escaped)
{
    private readonly ReadOnlySpan<byte> _bytes = escaped;
    private int _byte;
    private int _bit;
    private int _zeros;

    /// <summary>True when more bits were asked for than there are.</summary>
    public bool Overrun { get; private set; }

    public uint Bits(int count)
    {
        uint value = 0;
        for (int i = 0; i < count; i++)
        {
            value = (value << 1) | (Bit() ? 1u : 0u);
        }

        return value;
    }

    public bool Bit()
    {
        if (_bit == 0 && _zeros >= 2 && _byte < _bytes.Length && _bytes[_byte] == 3)
        {
            _byte++;
            _zeros = 0;
        }

        if (_byte >= _bytes.Length)
        {
            Overrun = true;
            return false;
        }

        bool set = (_bytes[_byte] >> (7 - _bit) & 1) != 0;
        if (++_bit == 8)
        {
            _zeros = _bytes[_byte] == 0 ? _zeros + 1 : 0;
            (_bit, _byte) = (0, _byte + 1);
        }

        return set;
    }

    /// <summary>Exp-Golomb unsigned, ue(v).</summary>
    public uint Unsigned()
    {
        int zeros = 0;
        while (zeros < 32 && !Overrun && !Bit())
        {
            zeros++;
        }

        return zeros is 0 or >= 32 ? 0 : (1u << zeros) - 1 + Bits(zeros);
    }

    /// <summary>Exp-Golomb signed, se(v).</summary>
    public int Signed()
    {
        uint code = Unsigned();
        int half = (int)(code / 2);
        return (code & 1) != 0 ? half + 1 : -half;
    }
}
