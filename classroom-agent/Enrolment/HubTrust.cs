using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Enrolment;

/// <summary>Decides whether the certificate a hub shows is the hub's: one that <see cref="HubPin"/> knows and no other, or whatever the system trusts.</summary>
internal static class HubTrust
{
    /// <param name="pin">Of the hub's key or of its whole certificate: 64 hexadecimal digits, colons allowed; null: no pin.</param>
    /// <returns>Null: leave the decision to the system.</returns>
    public static RemoteCertificateValidationCallback? Callback(string? pin)
    {
        if (pin is null)
        {
            return null;
        }

        byte[] wanted = Convert.FromHexString(pin.Replace(":", "", StringComparison.Ordinal));
        return (_, certificate, _, _) => certificate is not null && Matches(certificate, wanted);
    }

    /// <summary>An HTTP client for the hub: 10 s per request, no redirects (a hub never sends one to a device), no proxy cookies.</summary>
    public static HttpClient Client(Uri hub, string? pin) => Client(hub, Handler(pin), ownsHandler: true);

    /// <param name="handler">May serve several clients; <paramref name="ownsHandler"/> says whether it ends with this one.</param>
    public static HttpClient Client(Uri hub, HttpMessageHandler handler, bool ownsHandler) => new(handler, ownsHandler) { BaseAddress = hub, Timeout = TimeSpan.FromSeconds(10) };

    public static SocketsHttpHandler Handler(string? pin)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (Callback(pin) is { } callback)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = callback;
        }

        return handler;
    }

    private static bool Matches(X509Certificate certificate, byte[] wanted)
    {
        using var shown = new X509Certificate2(certificate);
        return HubPin.Matches(shown, wanted);
    }
}
