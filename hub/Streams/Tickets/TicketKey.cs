using System.Security.Cryptography;

namespace ThreeClassrooms.Hub.Streams.Tickets;

/// <summary>The hub's ticket key: 32 random bytes in a file that only the hub's user may read.</summary>
internal static class TicketKey
{
    /// <summary>Reads the key at <paramref name="path"/>, or makes one there. A file of the wrong size is replaced.</summary>
    public static byte[] LoadOrCreate(string path)
    {
        if (File.Exists(path))
        {
            byte[] kept = File.ReadAllBytes(path);
            if (kept.Length == 32)
            {
                return kept;
            }
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        byte[] key = RandomNumberGenerator.GetBytes(32);
        string fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using (var file = new FileStream(fresh, options))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
        return key;
    }
}
