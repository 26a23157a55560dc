using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Tests.Simulation;

/// <summary>Plain packets with recognisable contents.</summary>
internal static class Packets
{
    public static byte[] Rtp(uint ssrc, ushort sequence, int payload)
    {
        var packet = new byte[12 + payload];
        packet[0] = 0x80;
        packet[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        for (var i = 0; i < payload; i++)
        {
            packet[12 + i] = (byte)(i * 7 + sequence);
        }

        return packet;
    }

    public static byte[] ReceiverReport(uint ssrc)
    {
        var packet = new byte[8];
        packet[0] = 0x80;
        packet[1] = 201;
        packet[3] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }
}
