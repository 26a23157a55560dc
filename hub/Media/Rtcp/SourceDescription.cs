using System.Text;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>Reads source descriptions (RFC 3550 §6.5).</summary>
public static class SourceDescription
{
    private const byte CnameItem = 1;

    /// <summary>The CNAME of the packet's first chunk as UTF-8 bytes in place; false when the packet is no SDES or has none.</summary>
    public static bool TryReadCname(in RtcpPacket packet, out Ssrc source, out ReadOnlySpan<byte> cname)
    {
        source = packet.Sender;
        cname = default;
        if (packet.Type != RtcpType.SourceDescription || packet.Count == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = packet.Body.Length >= 4 ? packet.Body[4..] : default;
        while (rest.Length >= 2 && rest[0] != 0)
        {
            int length = rest[1];
            if (2 + length > rest.Length)
            {
                return false;
            }

            if (rest[0] == CnameItem)
            {
                cname = rest.Slice(2, length);
                return true;
            }

            rest = rest[(2 + length)..];
        }

        return false;
    }

    /// <summary>The bytes of a one-chunk body with this CNAME, before padding to 4 by at least one zero.</summary>
    internal static int Write(Span<byte> body, Ssrc source, string cname)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(body, source.Value);
        int length = Encoding.UTF8.GetBytes(cname, body[6..]);
        body[4] = CnameItem;
        body[5] = (byte)length;
        int end = 6 + length, padded = (end + 4) & ~3;
        body[end..padded].Clear();
        return padded;
    }
}
