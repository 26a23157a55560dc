using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>
/// The managed broker's own certificate: self-signed, P-256, made once. Devices are given the certificate itself at enrolment and believe no other, under whatever
/// name they reach the broker; so it names nobody, it is good from 2000 to 2100 (a device whose clock has lost the date must still get in), and it is kept twice:
/// files that a power cut damaged come back as they were.
/// </summary>
internal static class BrokerCertificate
{
    private static readonly DateTimeOffset From = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Lock Gate = new();

    /// <summary>Makes the files when they are missing; sets damaged ones aside and writes them anew from the second copy or, without one, for the same key.</summary>
    /// <param name="damaged">Gets the path of every file that was set aside.</param>
    /// <returns>The certificate, PEM.</returns>
    public static string ReadOrMake(BrokerSettings settings, Action<string>? damaged = null)
    {
        lock (Gate)
        {
            if (Read(settings.Certificate, settings.Key) is { } kept)
            {
                if (Read(settings.SecondCopy, settings.SecondCopy) is null)
                {
                    PrivateFile.Write(settings.SecondCopy, kept.Certificate + "\n" + kept.Key + "\n");
                }

                return kept.Certificate;
            }

            (string Certificate, string Key) pair = Read(settings.SecondCopy, settings.SecondCopy) ?? Make(settings);
            SetAside(settings.Key, pair.Key, damaged);
            SetAside(settings.Certificate, pair.Certificate, damaged);
            PrivateFile.Write(settings.SecondCopy, pair.Certificate + "\n" + pair.Key + "\n");
            PrivateFile.Write(settings.Key, pair.Key);
            PrivateFile.Write(settings.Certificate, pair.Certificate);
            return pair.Certificate;
        }
    }

    private static (string Certificate, string Key) Make(BrokerSettings settings)
    {
        using ECDsa key = ReadKey(settings.Key) ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ThreeClassrooms broker", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 made = request.CreateSelfSigned(From, From.AddYears(100));
        return (made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static void SetAside(string path, string wanted, Action<string>? damaged)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() != wanted.Trim())
        {
            PrivateFile.SetAside(path, File.GetLastWriteTimeUtc(path));
            damaged?.Invoke(path);
        }
    }

    /// <returns>Null: missing, damaged, or not a pair.</returns>
    private static (string Certificate, string Key)? Read(string certificate, string key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
            using ECDsa? own = pair.GetECDsaPrivateKey();
            return own is null ? null : (certificate == key ? pair.ExportCertificatePem() : File.ReadAllText(certificate).Trim(), own.ExportPkcs8PrivateKeyPem());
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException)
        {
            return null;
        }
    }

    private static ECDsa? ReadKey(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException)
        {
            key.Dispose();
            return null;
        }
    }
}
