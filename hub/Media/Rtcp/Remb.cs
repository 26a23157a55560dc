using System.Buffers.Binary;
using System.Numerics;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>
/// Receiver estimated maximum bit rate (draft-alvestrand-rmcat-remb-03 §2.2): application feedback with the identifier "REMB",
/// a count of sources, and 6 + 18 bits of exponent and mantissa.
/// </summary>
/// <param name="BitsPerSecond">What the receiver believes the path carries.</param>
public readonly record struct Remb(ulong BitsPerSecond)
{
    private const uint Identifier = 0x52454D42;

    public static bool TryRead(in RtcpPacket packet, out Remb remb)
    {
        remb = default;
        ReadOnlySpan<byte> body = packet.Body;
        if (packet.Type != RtcpType.PayloadFeedback || packet.Count != RtcpFormat.App || body.Length < 16
            || BinaryPrimitives.ReadUInt32BigEndian(body[8..]) != Identifier)
        {
            return false;
        }

        int exponent = body[13] >> 2;
        ulong mantissa = ((ulong)(body[13] & 3) << 16) | BinaryPrimitives.ReadUInt16BigEndian(body[14..]);

        // 46 is where the mantissa still fits 64 bits; a larger claim means "without bound".
        remb = new Remb(exponent > 46 ? ulong.MaxValue : mantissa << exponent);
        return true;
    }

    /// <summary>Writes identifier, count, and rate (8 bytes), rounding down to 18 significant bits.</summary>
    internal void Write(Span<byte> output, int sources)
    {
        int exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount(BitsPerSecond) - 18);
        ulong mantissa = BitsPerSecond >> exponent;
        BinaryPrimitives.WriteUInt32BigEndian(output, Identifier);
        output[4] = (byte)sources;
        output[5] = (byte)((exponent << 2) | (int)(mantissa >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(output[6..], (ushort)(mantissa & 0xFFFF));
    }
}
