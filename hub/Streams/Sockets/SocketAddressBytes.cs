using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams.Sockets;

/// <summary>Between <see cref="TransportAddress"/> and the kernel's <c>sockaddr_in</c>/<c>sockaddr_in6</c> (family in host order, rest in network order).</summary>
internal static class SocketAddressBytes
{
    public const int V4Length = 16;
    public const int V6Length = 28;

    /// <summary>Writes a socket address; <paramref name="v6"/>: for a dual-stack socket (IPv4 as IPv4-mapped).</summary>
    /// <param name="output">28 bytes.</param>
    /// <returns>Bytes of the address; 0: an IPv6 address cannot go out of an IPv4 socket.</returns>
    public static int Write(in TransportAddress address, bool v6, Span<byte> output)
    {
        output[..V6Length].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], address.Port);
        if (v6)
        {
            BitConverter.TryWriteBytes(output, (ushort)LibC.AfInet6);
            BinaryPrimitives.WriteUInt64BigEndian(output[8..], address.High);
            BinaryPrimitives.WriteUInt64BigEndian(output[16..], address.Low);
            return V6Length;
        }

        if (!address.IsIPv4)
        {
            return 0;
        }

        BitConverter.TryWriteBytes(output, (ushort)LibC.AfInet);
        BinaryPrimitives.WriteUInt32BigEndian(output[4..], (uint)(address.Low & 0xFFFF_FFFF));
        return V4Length;
    }

    public static TransportAddress Read(ReadOnlySpan<byte> bytes)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return BitConverter.ToUInt16(bytes) == LibC.AfInet6
            ? new TransportAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), port)
            : TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
    }

    public static TransportAddress From(IPEndPoint endPoint, uint connection = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        IPAddress address = endPoint.AddressFamily == AddressFamily.InterNetwork ? endPoint.Address.MapToIPv6() : endPoint.Address;
        address.TryWriteBytes(bytes, out _);
        return new TransportAddress(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), (ushort)endPoint.Port, connection);
    }

    public static IPEndPoint ToEndPoint(in TransportAddress address, bool v6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
        var ip = new IPAddress(bytes);
        return new IPEndPoint(!v6 && ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, address.Port);
    }
}
