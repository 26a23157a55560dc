using System.Diagnostics;

namespace ThreeClassrooms.Agent.Tests.Capture;

/// <summary>Short films made by FFmpeg out of its generators.</summary>
internal static class Films
{
    /// <param name="picture">A lavfi graph.</param>
    /// <param name="sound">A lavfi graph.</param>
    /// <returns>The file.</returns>
    public static async Task<string> MakeAsync(string folder, string picture, string sound, int seconds)
    {
        string file = Path.Combine(folder, "film.mkv");
        string[] line =
        [
            "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-t", $"{seconds}", "-pix_fmt", "yuv420p",
            "-c:v", "libx264", "-preset", "ultrafast", "-qp", "8", "-c:a", "pcm_s16le", file,
        ];
        using Process making = Process.Start("ffmpeg", line);
        await making.WaitForExitAsync();
        Assert.Equal(0, making.ExitCode);
        return file;
    }
}
