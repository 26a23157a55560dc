namespace ThreeClassrooms.Media.Rtcp;

/// <summary>A 64-bit NTP timestamp (RFC 3550 §4): seconds since 1900 UTC, wrapping in 2036, and a 32-bit fraction.</summary>
public readonly record struct NtpTime(ulong Value)
{
    private static readonly DateTimeOffset Origin = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The middle 32 bits: 16.16 seconds, as report blocks carry them.</summary>
    public uint Middle => unchecked((uint)(Value >> 16));

    public static NtpTime From(DateTimeOffset utc)
    {
        long ticks = (utc - Origin).Ticks;
        ulong seconds = (ulong)(ticks / TimeSpan.TicksPerSecond) & 0xFFFF_FFFF;
        ulong fraction = ((ulong)(ticks % TimeSpan.TicksPerSecond) << 32) / TimeSpan.TicksPerSecond;
        return new NtpTime((seconds << 32) | fraction);
    }

    /// <summary>The time in UTC, in the era (1900–2036 or 2036–2172) nearest to 2026, truncated to 100 ns.</summary>
    public DateTimeOffset ToUtc()
    {
        ulong seconds = Value >> 32;
        if (seconds < 0x8000_0000)
        {
            seconds += 0x1_0000_0000;
        }

        long fraction = (long)(((Value & 0xFFFF_FFFF) * TimeSpan.TicksPerSecond) >> 32);
        return Origin.AddTicks(((long)seconds * TimeSpan.TicksPerSecond) + fraction);
    }

    /// <summary>From <paramref name="other"/> to this; wrap-aware within 68 years.</summary>
    public TimeSpan Since(NtpTime other)
    {
        long units = unchecked((long)(Value - other.Value));
        long seconds = units >> 32;
        return TimeSpan.FromTicks((seconds * TimeSpan.TicksPerSecond) + (((units & 0xFFFF_FFFF) * TimeSpan.TicksPerSecond) >> 32));
    }
}
