using System.Runtime.InteropServices;

namespace ThreeClassrooms.Media.Peers;

/// <summary>
/// Where a datagram came from or goes to: an IPv6 (or IPv4-mapped) address, a port, and for TCP the connection's number.
/// A plain value of 28 bytes, cheap to hash; the key of the port's demultiplexer.
/// </summary>
/// <param name="High">Upper 8 address bytes as a big-endian number.</param>
/// <param name="Low">Lower 8 address bytes as a big-endian number.</param>
/// <param name="Port">Host byte order.</param>
/// <param name="Connection">0 for UDP; for a framed TCP connection (RFC 4571) a number unique in the process's life, 1 and up.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TransportAddress(ulong High, ulong Low, ushort Port, uint Connection = 0)
{
    public bool IsTcp => Connection != 0;

    /// <summary>An IPv4 address as its IPv4-mapped IPv6 form (RFC 4291 §2.5.5.2).</summary>
    /// <param name="address">The four bytes as a big-endian number.</param>
    public static TransportAddress FromIPv4(uint address, ushort port, uint connection = 0) =>
        new(0, 0x0000_FFFF_0000_0000UL | address, port, connection);

    public bool IsIPv4 => High == 0 && Low >> 32 == 0xFFFF;
}
