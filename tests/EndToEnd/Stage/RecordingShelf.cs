using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Recordings;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>The recorded files of a hub.</summary>
internal sealed class RecordingShelf(HubProcess hub, CountyDesk desk)
{
    /// <summary>The parts of a stream, oldest first.</summary>
    public async Task<List<Recording>> PartsAsync(Guid lesson, string streamId)
    {
        await using HubDbContext db = desk.Open();
        List<Recording> parts = await db.Set<Recording>().AsNoTracking().Where(r => r.LessonId == lesson && r.StreamId == streamId).ToListAsync();
        return [.. parts.OrderBy(r => r.StartedAt)];
    }

    /// <summary>Decodes a file from its beginning to its end.</summary>
    /// <returns>How many pictures it has; fails when the decoder finds fault.</returns>
    public async Task<int> PlayAsync(Recording part)
    {
        string file = Path.Combine(hub.Folder, "recordings", part.FileName);
        // Each picture keeps its own time, in the file's milliseconds: two pictures with one time are a fault of the file.
        using ChildProcess play = ChildProcess.Start("ffmpeg", ["-nostdin", "-v", "error", "-i", file, "-fps_mode", "passthrough", "-enc_time_base:v", "1:1000", "-f", "null", "-"]);
        await play.ExitAsync(TimeSpan.FromSeconds(60));
        Assert.True(play.ExitCode == 0 && play.Lines.Count == 0, $"{part.FileName}: {play.Tail()}");
        using ChildProcess count = ChildProcess.Start(
            "ffprobe", ["-v", "error", "-select_streams", "v", "-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", file]);
        await count.ExitAsync(TimeSpan.FromSeconds(60));
        return int.Parse((await count.LineAsync(l => l.Length > 0, TimeSpan.FromSeconds(5))).TrimEnd(','), CultureInfo.InvariantCulture);
    }
}
