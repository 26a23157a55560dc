using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>Absolute send time: 24 bits, 6.18 fixed-point seconds; wraps every 64 s.</summary>
public readonly record struct AbsSendTime(uint Value)
{
    public const int Length = 3;

    public static bool TryRead(ReadOnlySpan<byte> value, out AbsSendTime time)
    {
        time = value.Length >= Length ? new AbsSendTime(((uint)value[0] << 16) | ((uint)value[1] << 8) | value[2]) : default;
        return value.Length >= Length;
    }

    /// <summary>The value for a packet sent now; the origin is that of the process's clock, which is all that receivers need.</summary>
    public static AbsSendTime From(MonoTime now)
    {
        // 2^18 units a second; nanoseconds are split so that the product stays within 64 bits.
        long seconds = now.Nanoseconds / 1_000_000_000, rest = now.Nanoseconds % 1_000_000_000;
        return new AbsSendTime(unchecked((uint)(((seconds & 0x3F) << 18) + ((rest << 18) / 1_000_000_000))) & 0xFF_FFFF);
    }

    /// <param name="output">3 bytes or more.</param>
    public void Write(Span<byte> output) => (output[0], output[1], output[2]) = ((byte)(Value >> 16 & 0xFF), (byte)(Value >> 8 & 0xFF), (byte)(Value & 0xFF));
}
