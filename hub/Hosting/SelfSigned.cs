using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// The hub's own certificate in the data folder. Its key is kept for ever, in two files: classrooms have pinned it. The certificate is good for two years
/// and is renewed, with the same key, when it has 60 days left.
/// </summary>
internal sealed class SelfSigned(DataFolder folder, HubTroubles troubles, ILogger log)
{
    public static readonly TimeSpan Warning = TimeSpan.FromDays(60);

    /// <returns>The kept one, or a new one when it has less than <see cref="Warning"/> left, is missing or damaged.</returns>
    public X509Certificate2 ReadOrMake(DateTimeOffset now)
    {
        bool existed = File.Exists(folder.Certificate) || File.Exists(folder.CertificateKey);
        X509Certificate2? kept = Read(folder.Certificate, p => X509CertificateLoader.LoadPkcs12FromFile(p, null), now);
        using ECDsa? own = kept?.GetECDsaPrivateKey();
        using ECDsa? second = Read(folder.CertificateKey, ReadKey, now);
        if (kept is not null && own is not null && kept.NotAfter.ToUniversalTime() - now.UtcDateTime > Warning)
        {
            if (second is null)
            {
                PrivateFile.Write(folder.CertificateKey, own.ExportPkcs8PrivateKeyPem());
            }

            return kept;
        }

        using ECDsa? fresh = own is null && second is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        if (fresh is not null && existed)
        {
            troubles.Set(HubTrouble.CertificateKeyLost, Path.GetFileName(folder.Certificate));
            log.CertificateKeyLost();
        }

        return Make((own ?? second ?? fresh)!, own is null ? null : kept, now);
    }

    private X509Certificate2 Make(ECDsa key, X509Certificate2? predecessor, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=ThreeClassrooms hub (self-signed)", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Dns.GetHostName());
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        if (predecessor is not null)
        {
            request.CertificateExtensions.Add(new X509Extension(HubPin.PredecessorOid, predecessor.RawData, critical: false));
        }

        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
        byte[] bytes = made.Export(X509ContentType.Pfx);
        PrivateFile.Write(folder.CertificateKey, key.ExportPkcs8PrivateKeyPem());
        PrivateFile.Write(folder.Certificate, bytes);
        var served = X509CertificateLoader.LoadPkcs12(bytes, null);
        log.CertificateMade(served.NotAfter.ToUniversalTime(), HubPin.Of(served), predecessor is not null);
        return served;
    }

    private static ECDsa ReadKey(string path)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }

    /// <summary>What cannot be read is set aside.</summary>
    private T? Read<T>(string path, Func<string, T> read, DateTimeOffset now)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return read(path);
        }
        catch (Exception damaged) when (damaged is CryptographicException or ArgumentException)
        {
            string aside = PrivateFile.SetAside(path, now);
            troubles.Set(HubTrouble.FileSetAside, Path.GetFileName(path));
            log.FileSetAside(path, aside);
            return null;
        }
    }
}
