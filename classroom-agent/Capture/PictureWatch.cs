using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>Drives <see cref="PictureJudge"/> while a lesson is on: now and then a key frame is decoded to some points of gray, which never leave memory.</summary>
/// <param name="live">A lesson is on in this room.</param>
/// <param name="mayFreeze">See <see cref="PictureJudge"/>.</param>
internal sealed class PictureWatch(CaptureLoop capture, string ffmpeg, bool mayFreeze, Func<bool> live, TimeProvider time, ILogger log)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private const int Width = 160;
    private const int Height = 90;

    /// <summary>Lessons go first.</summary>
    private static readonly string[] Nice = ["-n", "10"];

    private static readonly string[] Arguments =
    [
        "-hide_banner", "-loglevel", "error", "-threads", "1", "-f", "h264", "-i", "pipe:0", "-frames:v", "1",
        "-vf", $"scale={Width}:{Height}:flags=neighbor,format=gray", "-f", "rawvideo", "pipe:1",
    ];

    private readonly PictureJudge _judge = new(mayFreeze);
    private volatile PictureFault? _seen;

    /// <summary>What is wrong with the picture now; null: nothing that is known.</summary>
    public PictureFault? Seen => _seen;

    public async Task RunAsync(CancellationToken stop)
    {
        while (capture.HasSource && !stop.IsCancellationRequested)
        {
            await StepAsync(stop);
            await Waits.PauseAsync(Every, time, stop);
        }
    }

    /// <summary>Looks once.</summary>
    internal async Task StepAsync(CancellationToken stop)
    {
        try
        {
            _seen = live() && await TakeAsync(stop) is { } gray ? _judge.On(gray, Moment()) : Nothing();
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            _seen = Nothing();
            log.PictureNotRead(e.Message);
        }
        catch (OperationCanceledException)
        {
            _seen = Nothing();
        }
    }

    /// <returns>Null: no picture comes, or it cannot be read.</returns>
    private async Task<byte[]?> TakeAsync(CancellationToken stop)
    {
        byte[]? gray = await KeyFrame.TakeAsync(
            capture, (frame, cancel) => KeyFrame.PipeAsync("picture", "nice", [.. Nice, ffmpeg, .. Arguments], frame, Width * Height, log, cancel), time, stop);
        return gray?.Length == Width * Height ? gray : null;
    }

    private TimeSpan Moment() => TimeSpan.FromSeconds((double)time.GetTimestamp() / time.TimestampFrequency);

    private PictureFault? Nothing()
    {
        _judge.Reset();
        return null;
    }
}
