using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>One entry of a full intra request (RFC 5104 §4.3.1.1). A repeated number is a retransmission of the same request.</summary>
public readonly record struct FirEntry(Ssrc Source, byte Number)
{
    /// <summary>The first entry; false when the packet is no FIR.</summary>
    public static bool TryReadFirst(in RtcpPacket packet, out FirEntry entry)
    {
        entry = packet.IsFir ? new FirEntry(new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(packet.Body[8..])), packet.Body[12]) : default;
        return packet.IsFir;
    }
}
