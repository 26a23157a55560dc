using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>Whether a package bears the signature of whoever makes releases: ECDSA P-256 with SHA-256 (FIPS 186-5), in the form of IEEE P1363.</summary>
/// <param name="keyFile">PEM of the public key; null: this device asks for no signature.</param>
internal sealed class PackageSignature(string? keyFile, ILogger log)
{
    private const int KeyBits = 256;

    /// <summary>Signs a package, for whoever makes releases.</summary>
    /// <param name="privateKey">PEM.</param>
    /// <returns>As <see cref="AgentRelease.Signature"/> has it.</returns>
    /// <exception cref="ArgumentException">Not such a key.</exception>
    public static string Sign(Stream package, string privateKey)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(privateKey);
        return key.KeySize == KeyBits
            ? Convert.ToBase64String(key.SignData(package, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            : throw new ArgumentException($"{key.KeySize} bits", nameof(privateKey));
    }

    /// <param name="release">Its digest must have been found to be the package's own.</param>
    public bool IsGood(AgentRelease release)
    {
        if (keyFile is null)
        {
            return true;
        }

        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(keyFile));
            return key.KeySize == KeyBits && release.Signature is { } signature
                && key.VerifyHash(Convert.FromHexString(release.Sha256), Convert.FromBase64String(signature), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            log.NoReleaseKey(keyFile);
            return false;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
