using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// One small still out of what is captured already: the camera is not opened a second time, and nothing is written to the disk. One caller at a time.
/// </summary>
internal sealed class CaptureStill(CaptureLoop capture, string ffmpeg, TimeProvider time, ILogger log)
{
    public const int LargestWidth = 640;

    /// <summary>More than a still of this width ever has.</summary>
    private const int MostBytes = 300 << 10;

    /// <summary>Key frames come every one or two seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <returns>JPEG, at most <see cref="LargestWidth"/> pixels wide; null: no picture comes, or it cannot be read.</returns>
    public async Task<byte[]?> TakeAsync(CancellationToken stop)
    {
        if (!capture.VideoFlows)
        {
            return null;
        }

        var sink = new NextKeyFrame();
        capture.Add(sink);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using ITimer timer = time.CreateTimer(_ => patience.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
            ReadOnlyMemory<byte> frame = await sink.Frame.WaitAsync(patience.Token);
            return await EncodeAsync(frame, patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            capture.Remove(sink);
        }
    }

    /// <param name="frame">One H.264 key frame, Annex B, with its parameter sets.</param>
    internal async Task<byte[]?> EncodeAsync(ReadOnlyMemory<byte> frame, CancellationToken stop)
    {
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "error", "-f", "h264", "-i", "pipe:0", "-frames:v", "1",
            "-vf", $"scale='min({LargestWidth},iw)':-2", "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "6", "pipe:1",
        ];
        await using ChildProcess child = await ChildProcess.StartAsync("still", ffmpeg, arguments, log);
        Task writing = WriteAsync(child.Input, frame, stop);
        using var picture = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        for (int got; (got = await child.Output.ReadAsync(buffer, stop)) > 0;)
        {
            if (picture.Length + got > MostBytes)
            {
                return null;
            }

            picture.Write(buffer, 0, got);
        }

        await writing;
        return picture.Length > 0 ? picture.ToArray() : null;
    }

    private static async Task WriteAsync(Stream input, ReadOnlyMemory<byte> frame, CancellationToken stop)
    {
        try
        {
            await input.WriteAsync(frame, stop);
            input.Close();
        }
        catch (IOException)
        {
            // It has read enough, or is gone: what it gave decides.
        }
    }

    private sealed class NextKeyFrame : IFrameSink
    {
        private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _frame = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ReadOnlyMemory<byte>> Frame => _frame.Task;

        public void OnFrame(MediaFrame frame)
        {
            if (frame is { Track: TrackKind.Video, Key: true })
            {
                _frame.TrySetResult(frame.Data.ToArray());
            }
        }
    }
}
