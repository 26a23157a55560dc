using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>A device's id and its long-lived secret. Thread-safe.</summary>
internal static class DeviceSecret
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    private const int SecretBytes = 32;

    /// <summary>Compared with when the id is unknown, so that the answer takes the same way. No secret has this hash.</summary>
    private static readonly string NoHash = new('0', 2 * SHA256.HashSizeInBytes);

    /// <returns><c>agt-</c> and 10 random letters of lower-case base 32 (50 bits).</returns>
    public static string NewDeviceId() => "agt-" + RandomNumberGenerator.GetString(Base32, 10);

    /// <returns>256 random bits, base64url.</returns>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <returns>SHA-256 of the secret's text, lower-case hex.</returns>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares in constant time.</summary>
    /// <param name="hash">Null when there is no such device: never matches.</param>
    public static bool Matches(string secret, string? hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash ?? NoHash)) && hash is not null;
}
