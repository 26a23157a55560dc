using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>The sender's part of an SR (RFC 3550 §6.4.1): pairs a wall-clock time with an RTP timestamp, which is what lip sync stands on.</summary>
/// <param name="PacketCount">Packets sent since the beginning, wrapping.</param>
/// <param name="ByteCount">Payload bytes sent since the beginning, wrapping.</param>
public readonly record struct SenderReport(Ssrc Sender, NtpTime Ntp, RtpTime Timestamp, uint PacketCount, uint ByteCount)
{
    /// <summary>Bytes of the body before the report blocks.</summary>
    public const int BodyLength = 24;

    /// <summary>False when <paramref name="packet"/> is not a whole SR.</summary>
    public static bool TryRead(in RtcpPacket packet, out SenderReport report)
    {
        report = default;
        ReadOnlySpan<byte> body = packet.Body;
        if (packet.Type != RtcpType.SenderReport || body.Length < BodyLength)
        {
            return false;
        }

        report = new SenderReport(
            packet.Sender,
            new NtpTime(BinaryPrimitives.ReadUInt64BigEndian(body[4..])),
            new RtpTime(BinaryPrimitives.ReadUInt32BigEndian(body[12..])),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..]));
        return true;
    }

    internal void Write(Span<byte> body)
    {
        BinaryPrimitives.WriteUInt32BigEndian(body, Sender.Value);
        BinaryPrimitives.WriteUInt64BigEndian(body[4..], Ntp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], Timestamp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], ByteCount);
    }
}
