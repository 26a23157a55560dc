using System.Globalization;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>Removes old local recordings: those over their age, then the oldest until the rest fits the quota. Their names say when they began, by the hub's time.</summary>
internal static class RecordingQuota
{
    private const string Form = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>No recording is older than this program: a name from before it is of a clock that was wrong, and says nothing of its age.</summary>
    private static readonly DateTime Earliest = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <returns>The path of a file that is not there yet: a clock that was set back may come by the same second twice.</returns>
    public static string NewName(string folder, DateTimeOffset start)
    {
        string name = Path.Combine(folder, start.ToString(Form, CultureInfo.InvariantCulture));
        string path = name + ".mkv";
        for (int i = 2; File.Exists(path); i++)
        {
            path = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}.mkv");
        }

        return path;
    }

    /// <param name="now">The hub's time; null: it is not known, and nothing is too old.</param>
    public static void MakeRoom(string folder, RecordingOptions options, DateTimeOffset? now)
    {
        // Names are times: their order is the order of recording.
        List<FileInfo> files = [.. new DirectoryInfo(folder).GetFiles("*.mkv").OrderBy(f => f.Name, StringComparer.Ordinal)];
        long left = files.Sum(f => f.Length);
        foreach (FileInfo file in files)
        {
            bool old = now is { } known && BeganAt(file.Name) is { } began && began < known.UtcDateTime.AddDays(-options.KeepDays);
            if (old || left > options.QuotaMb * 1024L * 1024L)
            {
                left -= file.Length;
                file.Delete();
            }
        }
    }

    private static DateTime? BeganAt(string name) =>
        name.Length >= 16 && DateTime.TryParseExact(
            name[..16], Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime began) && began >= Earliest
            ? began
            : null;
}
