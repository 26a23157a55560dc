namespace ThreeClassrooms.Media.Payload;

/// <summary>What the first bytes of an Opus packet say (RFC 6716 §3.1). One RTP payload is one packet (RFC 7587 §4.2).</summary>
public static class OpusPacket
{
    /// <summary>How long the packet sounds, 2.5 to 120 ms; zero for an empty or impossible packet.</summary>
    public static TimeSpan Duration(ReadOnlySpan<byte> packet)
    {
        if (packet.Length == 0)
        {
            return TimeSpan.Zero;
        }

        int configuration = packet[0] >> 3;
        int frameMicroseconds = configuration switch
        {
            < 12 => (configuration & 3) switch { 0 => 10_000, 1 => 20_000, 2 => 40_000, _ => 60_000 },
            < 16 => (configuration & 1) == 0 ? 10_000 : 20_000,
            _ => 2_500 << (configuration & 3),
        };
        int frames = (packet[0] & 3) switch { 0 => 1, 1 or 2 => 2, _ => packet.Length > 1 ? packet[1] & 0x3F : 0 };
        int total = frames * frameMicroseconds;
        return total > 120_000 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(total);
    }

    public static bool IsStereo(ReadOnlySpan<byte> packet) => packet.Length > 0 && (packet[0] & 4) != 0;
}
