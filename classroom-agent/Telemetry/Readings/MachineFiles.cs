namespace ThreeClassrooms.Agent.Telemetry.Readings;

/// <summary>The kernel's files below a root folder: <c>/</c> on a device, a folder of recorded files in tests. Nothing here throws: what cannot be read is not there.</summary>
internal sealed class MachineFiles(string root)
{
    private const int LongestFile = 256 * 1024;

    /// <param name="path">Without the leading slash: <c>proc/stat</c>.</param>
    /// <returns>The whole file, trimmed; null: not there, or not for this user.</returns>
    public string? Text(string path)
    {
        try
        {
            // Files of the kernel have no length; a device that answers without end must not fill the memory.
            using var reader = new StreamReader(Path.Combine(root, path));
            char[] buffer = new char[LongestFile];
            return new string(buffer, 0, reader.ReadBlock(buffer, 0, LongestFile)).Trim('\0', ' ', '\n', '\r', '\t');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public string[] Lines(string path) => Text(path)?.Split('\n') ?? [];

    /// <returns>The whole number in the file; null: none.</returns>
    public long? Number(string path) => long.TryParse(Text(path), out long number) ? number : null;

    public bool HasFolder(string path) => Directory.Exists(Path.Combine(root, path));

    /// <summary>Names in a folder, sorted; none when there is no such folder.</summary>
    public IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path.Combine(root, folder)).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The last name of what a path points to: udev's links to cameras. The path's own last name when it is no link or not there.</summary>
    public string Target(string path)
    {
        try
        {
            return Path.GetFileName(File.ResolveLinkTarget(Path.Combine(root, path), returnFinalTarget: true)?.FullName ?? path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.GetFileName(path);
        }
    }
}
