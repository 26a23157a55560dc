using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// The keys of cookies, device tokens and stored secrets: in the data folder, encrypted with a certificate that serves this alone and, unlike the pages', is
/// never renewed: what it encrypted must be readable for years. It is kept twice; keys of an earlier hub, in the clear, stay readable.
/// </summary>
internal static class KeyRing
{
    private const int KeyBits = 2048;

    /// <param name="setAside">Gets every damaged file that was put out of the way.</param>
    public static void AddKeyRing(this IServiceCollection services, DataFolder folder, Action<string> setAside)
    {
        SetDamagedAside(folder.Keys, setAside);
        X509Certificate2 certificate = ReadOrMake(folder, setAside);
        services.AddDataProtection()
            .SetApplicationName("ThreeClassrooms")
            .PersistKeysToFileSystem(new DirectoryInfo(folder.Keys))
            .ProtectKeysWithCertificate(certificate)
            .UnprotectKeysWithAnyCertificate(certificate);
    }

    internal static X509Certificate2 ReadOrMake(DataFolder folder, Action<string> setAside)
    {
        string[] copies = [Path.Combine(folder.Root, "key-ring.pfx"), Path.Combine(folder.Root, "key-ring.copy.pfx")];
        byte[]? kept = null;
        foreach (string copy in copies.Where(File.Exists))
        {
            byte[] bytes = File.ReadAllBytes(copy);
            if (TryLoad(bytes) is null)
            {
                setAside(PrivateFile.SetAside(copy, DateTimeOffset.UtcNow));
            }
            else
            {
                kept ??= bytes;
            }
        }

        byte[] wanted = kept ?? Make();
        foreach (string copy in copies.Where(c => !File.Exists(c)))
        {
            PrivateFile.Write(copy, wanted);
        }

        return TryLoad(wanted)!;
    }

    /// <summary>One unreadable file among the keys keeps all of them from being read.</summary>
    private static void SetDamagedAside(string keys, Action<string> setAside)
    {
        foreach (string file in Directory.GetFiles(keys, "*.xml"))
        {
            try
            {
                XDocument.Load(file);
            }
            catch (XmlException)
            {
                setAside(PrivateFile.SetAside(file, DateTimeOffset.UtcNow));
            }
        }
    }

    private static byte[] Make()
    {
        using var key = RSA.Create(KeyBits); // what XML encryption takes
        var request = new CertificateRequest("CN=ThreeClassrooms key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return made.Export(X509ContentType.Pfx);
    }

    private static X509Certificate2? TryLoad(byte[] bytes)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12(bytes, null);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
