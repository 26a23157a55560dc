using System.Runtime.InteropServices;

namespace ThreeClassrooms.Agent;

/// <summary>Files that are either the old or the new whole, also after a power cut: write beside, fsync, rename, fsync the folder.</summary>
internal static partial class AtomicFile
{
    private const int ReadOnlyDirectory = 0x10000;

    /// <param name="path">Its folder is made when missing.</param>
    /// <param name="mode">Permissions of the new file, set before its first byte.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        MakeFolder(folder);
        string beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
        using (var stream = new FileStream(beside, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
        SyncFolder(folder);
    }

    /// <summary>Makes a folder that only its user may enter; an existing one keeps its mode.</summary>
    public static void MakeFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What was made or renamed in it survives a power cut.</summary>
    public static void SyncFolder(string folder)
    {
        int handle = Open(folder, ReadOnlyDirectory);
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
