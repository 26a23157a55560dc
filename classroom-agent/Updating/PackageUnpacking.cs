using System.Formats.Tar;
using System.IO.Compression;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>What a package may contain at most.</summary>
/// <param name="Entries">Files and folders.</param>
/// <param name="Bytes">Of all files, unpacked.</param>
internal sealed record PackageLimits(int Entries, long Bytes)
{
    public static PackageLimits Ordinary { get; } = new(5_000, 600L * 1024 * 1024);
}

/// <summary>Unpacks a package (tar.gz) into a folder of its own. What a package has no need of is refused: links, devices, other places, surprises in size or number.</summary>
internal static class PackageUnpacking
{
    private const int LongestPath = 200;

    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode ProgramMode = FolderMode;
    private const UnixFileMode FileMode644 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Everything is on the disk when it returns.</summary>
    /// <param name="folder">Empty, or not there yet; nothing is ever written outside of it.</param>
    /// <returns>What is wrong with the package (the folder may hold half of it then); null: nothing.</returns>
    /// <exception cref="IOException">The disk is full, or another fault of the machine's own.</exception>
    public static string? Unpack(Stream package, string folder, PackageLimits limits)
    {
        try
        {
            using var unzipped = new GZipStream(package, CompressionMode.Decompress, leaveOpen: true);
            using var archive = new TarReader(unzipped);
            var folders = new HashSet<string> { folder };
            Directory.CreateDirectory(folder, FolderMode);
            long bytes = 0;
            int entries = 0;
            while (archive.GetNextEntry() is { } entry)
            {
                if (++entries > limits.Entries)
                {
                    return "too many files";
                }

                if (WhatIsWrong(entry, folder, out string place) is { } fault)
                {
                    return fault;
                }

                string within = entry.EntryType == TarEntryType.Directory ? place : Path.GetDirectoryName(place)!;
                Directory.CreateDirectory(within, FolderMode);
                folders.Add(within);
                if (entry.EntryType != TarEntryType.Directory)
                {
                    if (File.Exists(place) || Directory.Exists(place))
                    {
                        return "a file twice";
                    }

                    if (!TryCopy(entry, place, ref bytes, limits.Bytes))
                    {
                        return "too large";
                    }
                }
            }

            foreach (string made in folders)
            {
                AtomicFile.SyncFolder(made);
            }

            return null;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return "no archive: " + e.Message;
        }
    }

    private static string? WhatIsWrong(TarEntry entry, string folder, out string place)
    {
        place = folder;
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.Directory))
        {
            return $"an entry of type {entry.EntryType}";
        }

        string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        name = name.TrimEnd('/');
        string[] parts = name.Split('/');
        bool isTop = name.Length == 0 && entry.EntryType == TarEntryType.Directory && entry.Name.Length > 0;
        if (isTop)
        {
            return null;
        }

        bool good = name.Length is > 0 and <= LongestPath && parts.All(p => p is not ("" or "." or "..")) && !name.Any(c => char.IsControl(c) || c == '\\');
        place = Path.Combine(folder, name);
        return good && place.StartsWith(folder + "/", StringComparison.Ordinal) ? null : "a name that leads elsewhere";
    }

    /// <returns>False: more than there may be.</returns>
    private static bool TryCopy(TarEntry entry, string place, ref long bytes, long most)
    {
        if (entry.Length > most - bytes)
        {
            return false;
        }

        bytes += entry.Length;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        using var file = new FileStream(place, options);
        entry.DataStream?.CopyTo(file);
        file.Flush(flushToDisk: true);
        File.SetUnixFileMode(file.SafeFileHandle, (entry.Mode & AnyExecute) != 0 ? ProgramMode : FileMode644);
        return true;
    }
}
