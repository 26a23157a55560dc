namespace ThreeClassrooms.Agent.Capture;

/// <summary>Removes old local recordings: those over their age, then the oldest until the rest fits the quota.</summary>
internal static class RecordingQuota
{
    public static void MakeRoom(string folder, RecordingOptions options, DateTimeOffset now)
    {
        // Names are times: their order is the order of recording.
        List<FileInfo> files = [.. new DirectoryInfo(folder).GetFiles("*.mkv").OrderBy(f => f.Name, StringComparer.Ordinal)];
        long left = files.Sum(f => f.Length);
        foreach (FileInfo file in files)
        {
            bool old = file.LastWriteTimeUtc < now.UtcDateTime.AddDays(-options.KeepDays);
            if (old || left > options.QuotaMb * 1024L * 1024L)
            {
                left -= file.Length;
                file.Delete();
            }
        }
    }
}
