using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThreeClassrooms.Contracts;

/// <summary>
/// What a device remembers of its hub: the SHA-256 of the hub's public key (SubjectPublicKeyInfo, as in RFC 7858 §4.2), which stays when the certificate is
/// renewed. Devices of the first release remember the whole certificate; that pin is honoured too, also after renewals: a renewed certificate carries the
/// one before it, and both have one key, which the TLS handshake proves.
/// </summary>
public static class HubPin
{
    /// <summary>Extension of a renewed certificate: the DER of the one before it.</summary>
    public const string PredecessorOid = "2.25.296115372953170441735920340093613402917";

    /// <summary>A hub renews every two years.</summary>
    private const int MostPredecessors = 32;

    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(X509Certificate2 certificate) => Convert.ToHexStringLower(KeyOf(certificate));

    /// <param name="pin">32 bytes: of the key, or of a whole certificate with this key.</param>
    public static bool Matches(X509Certificate2 certificate, ReadOnlySpan<byte> pin)
    {
        byte[] key = KeyOf(certificate);
        if (CryptographicOperations.FixedTimeEquals(key, pin) || CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.RawData), pin))
        {
            return true;
        }

        byte[]? earlier = PredecessorOf(certificate);
        for (int i = 0; earlier is not null && i < MostPredecessors; i++)
        {
            using X509Certificate2? before = Read(earlier);
            if (before is null || !CryptographicOperations.FixedTimeEquals(KeyOf(before), key))
            {
                return false;
            }

            if (CryptographicOperations.FixedTimeEquals(SHA256.HashData(before.RawData), pin))
            {
                return true;
            }

            earlier = PredecessorOf(before);
        }

        return false;
    }

    private static byte[] KeyOf(X509Certificate2 certificate) => SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    private static byte[]? PredecessorOf(X509Certificate2 certificate) => certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == PredecessorOid)?.RawData;

    private static X509Certificate2? Read(byte[] der)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
