using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>
/// The managed broker's own certificate: self-signed, P-256, made once. Devices are given the certificate itself at enrolment and believe no other, under whatever
/// name they reach the broker; so it names nobody, and it is good from 2000 to 2100: a device whose clock has lost the date must still get in.
/// </summary>
internal static class BrokerCertificate
{
    private static readonly DateTimeOffset From = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes both files when one of them is missing.</summary>
    /// <returns>The certificate, PEM.</returns>
    public static string ReadOrMake(BrokerSettings settings)
    {
        if (!File.Exists(settings.Key) || !File.Exists(settings.Certificate))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=ThreeClassrooms broker", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
            using X509Certificate2 made = request.CreateSelfSigned(From, From.AddYears(100));
            PrivateFile.Write(settings.Key, key.ExportPkcs8PrivateKeyPem());
            PrivateFile.Write(settings.Certificate, made.ExportCertificatePem());
        }

        return File.ReadAllText(settings.Certificate);
    }
}
