using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>Files that only the hub's user may read; either the old or the new whole, also after a power cut: written beside, synced, renamed, folder synced.</summary>
internal static partial class PrivateFile
{
    private const int ReadOnlyDirectory = 0x10000;

    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(beside, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Puts a damaged file out of the way, for a person to look at: <c>NAME.damaged-20260907T010203Z</c> beside it.</summary>
    /// <returns>Its new path.</returns>
    public static string SetAside(string path, DateTimeOffset now)
    {
        string aside = path + ".damaged-" + now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        File.Move(path, aside, overwrite: true);
        return aside;
    }

    private static void SyncFolder(string folder)
    {
        int handle = OperatingSystem.IsLinux() ? Open(folder, ReadOnlyDirectory) : -1;
        if (handle >= 0)
        {
            _ = Sync(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
