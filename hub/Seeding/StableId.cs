using System.Security.Cryptography;
using System.Text;

namespace ThreeClassrooms.Hub.Seeding;

/// <summary>Ids made from names, so that seeding twice finds the same rows.</summary>
internal static class StableId
{
    public static Guid Of(params string[] parts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // version 8 (RFC 9562 §5.8): made by our own rule
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
