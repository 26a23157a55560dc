using System.Net;
using System.Net.Sockets;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;

/// <summary>The hub does not connect there, whatever a channel says.</summary>
internal sealed class ForbiddenAddressException(string host) : IOException($"{host} is not a public address and not among AlertDelivery:TrustedOrigins");

/// <summary>
/// Keeps channels from reaching into the hub's own network: the address that is really connected to is looked at, not only the name, so that a name that
/// resolves to another address a moment later gains nothing. Thread-safe.
/// </summary>
internal sealed class ConnectGuard(DeliveryOptions options)
{
    private readonly HashSet<string> _origins = [.. options.TrustedOrigins.Select(o => OriginOf(new Uri(o)))];

    /// <summary>The operator named this origin in the configuration.</summary>
    public bool Trusts(Uri address) => _origins.Contains(OriginOf(address));

    public bool TrustsMail(string host, int port) => Uri.TryCreate($"smtp://{host}:{port}", UriKind.Absolute, out Uri? address) && Trusts(address);

    /// <summary>Whether a channel may have this address at all; what its name resolves to is looked at when connecting.</summary>
    public bool Allows(ChannelKind kind, Uri address)
    {
        if (Trusts(address))
        {
            return true;
        }

        return address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0
            && (ChannelKinds.HostOf(kind) is { } own
                ? address.IsDefaultPort && string.Equals(address.Host, own, StringComparison.OrdinalIgnoreCase)
                : !IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? literal) || PublicAddresses.Contains(literal));
    }

    /// <exception cref="ForbiddenAddressException">None of the name's addresses may be connected to.</exception>
    /// <exception cref="SocketException">The name is unknown, or nobody answers.</exception>
    public async Task<Socket> ConnectAsync(string scheme, string host, int port, CancellationToken cancel)
    {
        bool trusted = _origins.Contains(OriginOf(new UriBuilder(scheme, host, port).Uri));
        IPAddress[] found = IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancel);
        IPAddress[] allowed = [.. found.Where(a => trusted || PublicAddresses.Contains(a))];
        if (allowed.Length == 0)
        {
            throw new ForbiddenAddressException(host);
        }

        SocketException? fault = null;
        foreach (IPAddress address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, cancel);
                return socket;
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                fault = refused;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw fault ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static string OriginOf(Uri address) => FormattableString.Invariant($"{address.Scheme}://{address.Host.ToLowerInvariant()}:{(address.Port < 0 ? 25 : address.Port)}");
}
