using System.Security.Cryptography;

namespace ThreeClassrooms.Media.Dtls;

/// <summary>A certificate fingerprint as SDP writes it (RFC 8122 §5): "sha-256 AB:CD:…". Also sha-384 and sha-512.</summary>
internal sealed class DtlsFingerprint
{
    private readonly byte[] _digest;

    private DtlsFingerprint(byte[] digest) => _digest = digest;

    /// <summary>32, 48 or 64: which digest it is.</summary>
    public int Length => _digest.Length;

    /// <summary>Null when the text is not a fingerprint of a digest we accept.</summary>
    public static DtlsFingerprint? TryParse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var length = parts.Length != 2 ? 0 : parts[0].ToLowerInvariant() switch
        {
            "sha-256" => 32,
            "sha-384" => 48,
            "sha-512" => 64,
            _ => 0,
        };
        if (length == 0 || parts[1].Length != (length * 3) - 1)
        {
            return null;
        }

        var digest = new byte[length];
        for (var i = 0; i < length; i++)
        {
            var pair = parts[1].AsSpan(i * 3, 2);
            if (!char.IsAsciiHexDigit(pair[0]) || !char.IsAsciiHexDigit(pair[1]) || (i + 1 < length && parts[1][(i * 3) + 2] != ':'))
            {
                return null;
            }

            digest[i] = (byte)((Convert.FromHexString(pair)[0]));
        }

        return new DtlsFingerprint(digest);
    }

    public static string Sha256Of(ReadOnlySpan<byte> certificate) =>
        "sha-256 " + string.Join(':', SHA256.HashData(certificate).Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> digest) => CryptographicOperations.FixedTimeEquals(_digest, digest);
}
