using System.Security.Cryptography;
using System.Text;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>What the broker stores of a password.</summary>
/// <param name="Salt">12 bytes, base64.</param>
/// <param name="Hash">64 bytes, base64.</param>
internal sealed record PasswordHash(string Salt, string Hash);

/// <summary>
/// Passwords as Mosquitto's dynamic-security plugin checks them (2.0: PBKDF2-SHA512, salt of 12 bytes, key of 64). The plugin's 101 rounds are few: they suffice
/// because every password is 256 random bits from <see cref="DeviceSecret"/>, which nobody guesses however fast the trying.
/// </summary>
internal static class BrokerPassword
{
    public const int Rounds = 101;

    private const int SaltBytes = 12;

    private const int HashBytes = 64;

    public static PasswordHash Hash(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(Convert.ToBase64String(salt), Convert.ToBase64String(Derive(password, salt)));
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Matches(string password, string salt, string hash) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, Convert.FromBase64String(salt)), Convert.FromBase64String(hash));

    private static byte[] Derive(string password, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Rounds, HashAlgorithmName.SHA512, HashBytes);
}
