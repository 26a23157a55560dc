using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>The certificate that pages and signalling are served with: the configured one, or the hub's own. Thread-safe.</summary>
internal sealed class HubCertificate(HubOptions hub, DataFolder folder, HubTroubles troubles, TimeProvider clock, ILogger<HubCertificate> log)
{
    private readonly SelfSigned _own = new(folder, troubles, log);
    private readonly Lock _lock = new();
    private volatile X509Certificate2? _served;

    /// <summary>Null: plain HTTP.</summary>
    public X509Certificate2? Served
    {
        get
        {
            if (_served is null && hub.ServesHttps)
            {
                Look();
            }

            return _served;
        }
    }

    /// <summary>Reads or renews it, and says what is wrong with it; call it at the start and daily.</summary>
    public void Look()
    {
        if (!hub.ServesHttps)
        {
            return;
        }

        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (hub.Certificate.Length == 0)
            {
                if (_served is null || _served.NotAfter.ToUniversalTime() - now.UtcDateTime <= SelfSigned.Warning)
                {
                    _served = _own.ReadOrMake(now);
                }

                return;
            }

            _served ??= Read(hub);
            Say(_served, now);
        }
    }

    private void Say(X509Certificate2 served, DateTimeOffset now)
    {
        DateTime until = served.NotAfter.ToUniversalTime();
        string day = until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (until <= now.UtcDateTime)
        {
            troubles.Clear(HubTrouble.CertificateEndsSoon);
            troubles.Set(HubTrouble.CertificateExpired, day);
            log.CertificateExpired(hub.Certificate, until);
        }
        else if (until - now.UtcDateTime <= SelfSigned.Warning)
        {
            troubles.Set(HubTrouble.CertificateEndsSoon, day);
            log.CertificateEndsSoon(hub.Certificate, until);
        }
    }

    private static X509Certificate2 Read(HubOptions hub)
    {
        string? password = hub.CertificatePassword.Length > 0 ? hub.CertificatePassword : null;
        if (hub.Certificate.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || hub.Certificate.EndsWith(".p12", StringComparison.OrdinalIgnoreCase))
        {
            return X509CertificateLoader.LoadPkcs12FromFile(hub.Certificate, password);
        }

        string? key = hub.CertificateKey.Length > 0 ? hub.CertificateKey : null;
        return password is null
            ? X509Certificate2.CreateFromPemFile(hub.Certificate, key)
            : X509Certificate2.CreateFromEncryptedPemFile(hub.Certificate, password, key);
    }
}
