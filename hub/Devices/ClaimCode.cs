using System.Security.Cryptography;
using System.Text;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>
/// The letters of an enrolment code: 8 of RFC 8628 §6.1's alphabet (no vowels: no words; nothing that is mistaken for another letter), 34.6 bits.
/// Pure but for the random source; thread-safe.
/// </summary>
internal static class ClaimCode
{
    public const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    public const int Length = 8;

    public const int PrefixLength = 3;

    private const int SaltBytes = 16;

    private const int HashBytes = 32;

    /// <summary>Makes all 2^34.6 codes of a stolen row cost years of one core; one check costs a few tens of milliseconds.</summary>
    private const int Rounds = 100_000;

    /// <summary>What a person may have typed before it is refused unread: the letters with dashes and spaces in between.</summary>
    private const int LongestInput = 32;

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static string NewSalt() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(SaltBytes));

    public static string PrefixOf(string code) => code[..PrefixLength];

    /// <summary>As people read it: <c>XXXX-XXXX</c>.</summary>
    public static string Shown(string code) => $"{code[..4]}-{code[4..]}";

    /// <summary>Takes lower case, dashes and spaces.</summary>
    /// <returns>The 8 letters in upper case; null when it cannot be a code.</returns>
    public static string? Normalise(string typed)
    {
        if (typed.Length > LongestInput)
        {
            return null;
        }

        var letters = new StringBuilder(Length);
        foreach (char sign in typed)
        {
            char letter = char.ToUpperInvariant(sign);
            if (Alphabet.Contains(letter, StringComparison.Ordinal))
            {
                letters.Append(letter);
            }
            else if (sign is not ('-' or ' '))
            {
                return null;
            }
        }

        return letters.Length == Length ? letters.ToString() : null;
    }

    /// <returns>PBKDF2-SHA256 of the letters, base64.</returns>
    public static string Hash(string code, string salt) => Convert.ToBase64String(Derive(code, salt));

    /// <summary>Compares in constant time.</summary>
    public static bool Matches(string code, string salt, string hash) =>
        CryptographicOperations.FixedTimeEquals(Derive(code, salt), Convert.FromBase64String(hash));

    private static byte[] Derive(string code, string salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(code), Convert.FromBase64String(salt), Rounds, HashAlgorithmName.SHA256, HashBytes);
}
