using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Between the kernel's socket addresses and the media library's. IPv4 goes as IPv4-mapped through a dual-mode socket.</summary>
internal static class SocketAddresses
{
    /// <param name="address">Of family IPv6 or IPv4 as filled by ReceiveFrom.</param>
    public static TransportAddress Read(SocketAddress address)
    {
        ReadOnlySpan<byte> raw = address.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(raw[2..]);
        return address.Family == AddressFamily.InterNetworkV6
            ? new TransportAddress(BinaryPrimitives.ReadUInt64BigEndian(raw[8..]), BinaryPrimitives.ReadUInt64BigEndian(raw[16..]), port)
            : TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(raw[4..]), port);
    }

    public static IPEndPoint EndPoint(TransportAddress address, bool asIPv6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
        return new IPEndPoint(new IPAddress(address.IsIPv4 && !asIPv6 ? bytes[12..] : bytes), address.Port);
    }
}
