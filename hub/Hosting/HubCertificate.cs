using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>The certificate that pages and signalling are served with.</summary>
internal static class HubCertificate
{
    /// <summary>The configured one, or a self-signed one kept in the data folder; null for plain HTTP.</summary>
    public static X509Certificate2? Load(HubOptions hub, DataFolder folder, DateTimeOffset now)
    {
        if (!hub.ServesHttps)
        {
            return null;
        }

        return hub.Certificate.Length > 0 ? Read(hub) : ReadOrMake(folder, now);
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

    private static X509Certificate2 ReadOrMake(DataFolder folder, DateTimeOffset now)
    {
        if (File.Exists(folder.Certificate))
        {
            var kept = X509CertificateLoader.LoadPkcs12FromFile(folder.Certificate, null);
            if (kept.NotAfter.ToUniversalTime() > now.UtcDateTime)
            {
                return kept;
            }
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ThreeClassrooms hub (self-signed)", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Dns.GetHostName());
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
        byte[] bytes = made.Export(X509ContentType.Pfx);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(folder.Certificate, options))
        {
            file.Write(bytes);
        }

        return X509CertificateLoader.LoadPkcs12(bytes, null);
    }
}
