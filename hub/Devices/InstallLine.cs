using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>The line that is pasted in the classroom: it installs the agent and enrols it. It holds the address, the code and, for the hub's own certificate, its pin.</summary>
internal sealed class InstallLine(HubOptions hub, HubCertificate certificate)
{
    /// <summary>An address of the documentation block (RFC 5737): asking the way to it sends nothing.</summary>
    private static readonly IPEndPoint Far = new(IPAddress.Parse("192.0.2.1"), 9);

    /// <param name="request">The page's request, whose address has just been found to work; null: at the command line.</param>
    public string For(string code, HttpRequest? request = null)
    {
        string address = hub.PublicAddress.Length > 0 ? hub.PublicAddress.TrimEnd('/') : request is null ? Own() : $"{request.Scheme}://{request.Host}";
        return $"./install.sh agent --hub {address} --code {code}{Pin()}";
    }

    private string Pin() => hub.ServesHttps && hub.Certificate.Length == 0 && certificate.Served is { } own ? $" --pin {HubPin.Of(own)}" : "";

    /// <summary>Plain HTTP is served on loopback only. A machine's bare name is known to few classrooms, its address on the way out to all.</summary>
    private string Own() => hub.ServesHttps ? $"https://{Host()}:{hub.Port}" : $"http://localhost:{hub.Port}";

    private string Host()
    {
        if (IPAddress.TryParse(hub.Listen, out IPAddress? one) && !one.Equals(IPAddress.Any) && !one.Equals(IPAddress.IPv6Any))
        {
            return one.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{one}]" : one.ToString();
        }

        string name = Dns.GetHostName();
        if (name.Contains('.', StringComparison.Ordinal))
        {
            return name;
        }

        try
        {
            using var way = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            way.Connect(Far);
            return ((IPEndPoint)way.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return name; // no way out: a network of its own
        }
    }
}
