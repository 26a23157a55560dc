using System.Security.Cryptography;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Streams.Tickets;

/// <summary>The hub's ticket key: 32 random bytes in a file that only the hub's user may read.</summary>
internal static class TicketKey
{
    /// <summary>Reads the key at <paramref name="path"/>, or makes one there. A file of the wrong size, or of zeros, is replaced.</summary>
    public static byte[] LoadOrCreate(string path)
    {
        if (File.Exists(path))
        {
            byte[] kept = File.ReadAllBytes(path);
            if (kept.Length == 32 && kept.AsSpan().ContainsAnyExcept((byte)0)) // zeros are what a power cut leaves: a key that everybody knows
            {
                return kept;
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        byte[] key = RandomNumberGenerator.GetBytes(32);
        PrivateFile.Write(path, key);
        return key;
    }
}
