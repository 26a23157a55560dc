using System.Buffers.Binary;
using System.Net;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>Numeric addresses as text.</summary>
public static class AddressText
{
    /// <summary>Reads a dotted IPv4 or a colon-separated IPv6 address; names, zones, and short IPv4 forms are refused.</summary>
    public static bool TryParse(string text, ushort port, out TransportAddress address)
    {
        address = default;
        bool v6 = text.Contains(':', StringComparison.Ordinal);
        bool plausible = v6 ? !text.Contains('%', StringComparison.Ordinal) && text[0] != '[' : text.Count(c => c == '.') == 3;
        if (!plausible || text.Length > 45 || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out int length))
        {
            return false;
        }

        address = length == 4
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port)
            : new TransportAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), port);
        return true;
    }

    /// <summary>The address without its port: dotted for IPv4 and IPv4-mapped, else RFC 5952.</summary>
    public static string Write(TransportAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
        return new IPAddress(address.IsIPv4 ? bytes[12..] : bytes).ToString();
    }
}
