using System.Buffers;
using System.Buffers.Binary;

namespace ThreeClassrooms.Hub.Streams.Tcp;

/// <summary>Framing of packets on a TCP connection (RFC 4571 §2): two bytes of length, then the packet.</summary>
internal static class Rfc4571
{
    public const int HeaderLength = 2;

    /// <summary>The largest packet taken; STUN, DTLS and media of this hub stay below.</summary>
    public const int MaxPacket = 2048;

    /// <summary>
    /// True when a connection's first byte can only be a framed packet: its length is below 1,536, and neither TLS (0x16) nor HTTP (a letter)
    /// begins like that.
    /// </summary>
    public static bool IsMedia(byte first) => first <= 0x05;

    /// <summary>Takes one packet off the front. False: it is not all there yet, or (<paramref name="broken"/>) too large to be one.</summary>
    public static bool TryRead(ref ReadOnlySequence<byte> bytes, out ReadOnlySequence<byte> packet, out bool broken)
    {
        packet = default;
        broken = false;
        if (bytes.Length < HeaderLength)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[HeaderLength];
        bytes.Slice(0, HeaderLength).CopyTo(head);
        int length = BinaryPrimitives.ReadUInt16BigEndian(head);
        broken = length > MaxPacket;
        if (broken || bytes.Length < HeaderLength + length)
        {
            return false;
        }

        packet = bytes.Slice(HeaderLength, length);
        bytes = bytes.Slice(HeaderLength + length);
        return true;
    }
}
