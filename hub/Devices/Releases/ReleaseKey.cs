using System.Security.Cryptography;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>
/// The public half of the key that signs releases; the installation makes the pair and keeps the private half where the hub's user cannot read it. Devices get
/// it when they enrol, and the hub takes no package that is not signed for it. Without the file (an earlier installation) signatures are not asked for.
/// </summary>
internal sealed class ReleaseKey(DataFolder data)
{
    private const int KeyBits = 256;

    /// <returns>PEM; null: there is none.</returns>
    public string? Pem()
    {
        string file = Path.Combine(data.Make("releases"), "release-key.pem");
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <param name="sha256">Of the package, hexadecimal.</param>
    /// <param name="signature">ECDSA P-256, IEEE P1363, base64; null: none came with it.</param>
    public bool Admits(string sha256, string? signature)
    {
        if (Pem() is not { } pem)
        {
            return true;
        }

        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.KeySize == KeyBits && signature is not null
                && key.VerifyHash(Convert.FromHexString(sha256), Convert.FromBase64String(signature), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
