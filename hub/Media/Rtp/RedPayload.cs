namespace ThreeClassrooms.Media.Rtp;

/// <summary>
/// Redundant audio (RFC 2198 §3): headers of 4 bytes for redundant blocks (F=1, payload type, timestamp offset 14 bits, length 10 bits),
/// one byte for the primary (F=0, payload type), then the blocks.
/// </summary>
public static class RedPayload
{
    /// <summary>The primary block, in place. False when headers or blocks reach past the end.</summary>
    public static bool TryReadPrimary(ReadOnlySpan<byte> payload, out byte payloadType, out ReadOnlySpan<byte> primary)
    {
        int at = 0, redundant = 0;
        payloadType = 0;
        primary = default;
        while (at + 4 <= payload.Length && (payload[at] & 0x80) != 0)
        {
            redundant += ((payload[at + 2] & 3) << 8) | payload[at + 3];
            at += 4;
        }

        if (at >= payload.Length || (payload[at] & 0x80) != 0 || at + 1 + redundant > payload.Length)
        {
            return false;
        }

        payloadType = (byte)(payload[at] & 0x7F);
        primary = payload[(at + 1 + redundant)..];
        return true;
    }
}
