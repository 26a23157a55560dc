using System.Diagnostics;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>Rewrites a closed recording with an index, without touching picture and sound: FFmpeg as a child process at low priority.</summary>
internal sealed class Remuxer(RecordingsOptions options)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>The container for what is in the file: MP4 for H.264, WebM for VP8 and sound alone.</summary>
    public static string ExtensionFor(IReadOnlyList<string> codecs) => codecs.Contains("V_MPEG4/ISO/AVC") ? ".mp4" : ".webm";

    /// <returns>Null when <paramref name="target"/> is complete; else FFmpeg's last words.</returns>
    public async Task<string?> RunAsync(string source, string target, CancellationToken stop)
    {
        string partial = target + ".part";
        var start = new ProcessStartInfo(options.Ffmpeg) { RedirectStandardError = true, RedirectStandardInput = true };
        string format = Path.GetExtension(target) == ".mp4" ? "mp4" : "webm";
        string[] arguments = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-i", source, "-map", "0", "-c", "copy"];
        foreach (string argument in arguments.Concat(format == "mp4" ? ["-movflags", "+faststart"] : []).Concat(["-f", format, partial]))
        {
            start.ArgumentList.Add(argument);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Longest);
        string? fault = await RunAsync(start, limit.Token);
        if (fault is null && new FileInfo(partial) is { Exists: true, Length: > 0 })
        {
            File.Move(partial, target, overwrite: true);
            return null;
        }

        File.Delete(partial);
        return fault ?? "nothing was written";
    }

    private static async Task<string?> RunAsync(ProcessStartInfo start, CancellationToken stop)
    {
        try
        {
            using Process process = Process.Start(start) ?? throw new InvalidOperationException("no process");
            try
            {
                process.PriorityClass = ProcessPriorityClass.BelowNormal;
                string words = await process.StandardError.ReadToEndAsync(stop);
                await process.WaitForExitAsync(stop);
                return process.ExitCode == 0 ? null : words.Length > 500 ? words[^500..] : words + $" (exit code {process.ExitCode})";
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return fault.Message;
        }
    }
}
