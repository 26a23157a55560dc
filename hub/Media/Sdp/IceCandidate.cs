using System.Globalization;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>How a candidate is reached.</summary>
public enum IceTransport
{
    Udp,

    /// <summary>A TCP port that listens (RFC 6544): the other side connects to it.</summary>
    TcpPassive,

    /// <summary>A side that will connect by TCP; its port means nothing.</summary>
    TcpActive,
}

/// <summary>An ICE candidate of component 1 with a numeric address (RFC 8839 §5.1). Candidates with names (mDNS) are not read.</summary>
/// <param name="Address">Where; the connection number is 0 until a driver connected.</param>
/// <param name="Type">"host", "srflx", "prflx" or "relay".</param>
public readonly record struct IceCandidate(TransportAddress Address, IceTransport Transport, uint Priority, string Foundation, string Type)
{
    public bool IsTcp => Transport != IceTransport.Udp;

    /// <summary>A host candidate for media by UDP.</summary>
    /// <param name="index">Place among the host's addresses, 0 preferred; up to 255.</param>
    public static IceCandidate HostUdp(TransportAddress address, int index = 0) =>
        new(address, IceTransport.Udp, HostPriority(65535 - index), Foundations(index, 1), "host");

    /// <summary>A host candidate that listens for framed media by TCP; always after every UDP candidate in preference.</summary>
    /// <param name="index">Place among the host's addresses, 0 preferred; up to 255.</param>
    public static IceCandidate HostTcpPassive(TransportAddress address, int index = 0) =>
        // RFC 6544 §4.2: direction preference 4 for passive host candidates, in the top three bits of the local preference; UDP keeps 7.
        new(address, IceTransport.TcpPassive, HostPriority((4 << 13) + (8191 - index)), Foundations(index, 2), "host");

    /// <summary>Reads what follows "a=candidate:" (a leading "candidate:" is accepted). False for other components, names, or anything malformed.</summary>
    public static bool TryParse(string text, out IceCandidate candidate)
    {
        candidate = default;
        string[] p = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (p.Length < 8 || p[1] != "1" || p[6] != "typ"
            || !uint.TryParse(p[3], NumberStyles.None, CultureInfo.InvariantCulture, out uint priority)
            || !ushort.TryParse(p[5], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || !AddressText.TryParse(p[4], port, out TransportAddress address))
        {
            return false;
        }

        int typeAt = Array.IndexOf(p, "tcptype");
        string tcpType = typeAt > 0 && typeAt + 1 < p.Length ? p[typeAt + 1] : "";
        IceTransport? transport = p[2].ToUpperInvariant() switch
        {
            "UDP" => IceTransport.Udp,
            "TCP" when tcpType == "passive" => IceTransport.TcpPassive,
            "TCP" when tcpType == "active" => IceTransport.TcpActive,
            _ => null,
        };
        if (transport is not { } known || (port == 0 && known != IceTransport.TcpActive))
        {
            return false;
        }

        string foundation = p[0].StartsWith("candidate:", StringComparison.Ordinal) ? p[0]["candidate:".Length..] : p[0];
        candidate = new IceCandidate(address, known, priority, foundation, p[7]);
        return true;
    }

    /// <summary>The value of an "a=candidate" line.</summary>
    public string Write()
    {
        string tcp = Transport switch
        {
            IceTransport.Udp => "",
            IceTransport.TcpPassive => " tcptype passive",
            IceTransport.TcpActive => " tcptype active",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Foundation} 1 {(IsTcp ? "tcp" : "udp")} {Priority} {AddressText.Write(Address)} {Address.Port} typ {Type}{tcp}");
    }

    // RFC 8445 §5.1.2.1: type preference 126 for host candidates, component 1.
    private static uint HostPriority(int local) => (126u << 24) + ((uint)local << 8) + 255;

    private static string Foundations(int index, int kind) => ((index * 2) + kind).ToString(CultureInfo.InvariantCulture);
}
