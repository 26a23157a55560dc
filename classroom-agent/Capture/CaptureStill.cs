using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>One small still for staff; see <see cref="KeyFrame"/>. One caller at a time.</summary>
internal sealed class CaptureStill(CaptureLoop capture, string ffmpeg, TimeProvider time, ILogger log)
{
    public const int LargestWidth = 640;

    /// <summary>A camera that was closed takes its time to open.</summary>
    private static readonly TimeSpan Opens = TimeSpan.FromSeconds(10);

    /// <summary>More than a still of this width ever has.</summary>
    private const int MostBytes = 300 << 10;

    private static readonly string[] Arguments =
    [
        "-hide_banner", "-loglevel", "error", "-f", "h264", "-i", "pipe:0", "-frames:v", "1",
        "-vf", $"scale='min({LargestWidth},iw)':-2", "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "6", "pipe:1",
    ];

    /// <returns>JPEG, at most <see cref="LargestWidth"/> pixels wide; null: no picture comes, or it cannot be read.</returns>
    public async Task<byte[]?> TakeAsync(CancellationToken stop)
    {
        using IDisposable hold = capture.Open(CaptureReason.Picture);
        await capture.FlowsWithinAsync(Opens, stop);
        return await KeyFrame.TakeAsync(capture, (frame, cancel) => KeyFrame.PipeAsync("still", ffmpeg, Arguments, frame, MostBytes, log, cancel), time, stop);
    }
}
