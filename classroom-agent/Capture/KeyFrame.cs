using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>Single pictures out of what is captured already: the camera is not opened a second time, and nothing is written to the disk.</summary>
internal static class KeyFrame
{
    /// <summary>Key frames come every one or two seconds; a network camera's own may take longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <returns>The next H.264 key frame with its parameter sets, Annex B, made into what the arguments say; null: no picture comes, or it cannot be read.</returns>
    /// <param name="convert">Has the frame and a time limit.</param>
    public static async Task<byte[]?> TakeAsync(
        CaptureLoop capture, Func<ReadOnlyMemory<byte>, CancellationToken, Task<byte[]?>> convert, TimeProvider time, CancellationToken stop)
    {
        if (!capture.VideoFlows)
        {
            return null;
        }

        var sink = new Next();
        capture.Add(sink);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using ITimer timer = time.CreateTimer(_ => patience.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
            ReadOnlyMemory<byte> frame = await sink.Frame.WaitAsync(patience.Token);
            return await convert(frame, patience.Token);
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

    /// <summary>Lets a program make something of a picture.</summary>
    /// <returns>What it wrote; null: nothing, or more than <paramref name="mostBytes"/>.</returns>
    public static async Task<byte[]?> PipeAsync(
        string name, string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> frame, int mostBytes, ILogger log, CancellationToken stop)
    {
        await using ChildProcess child = await ChildProcess.StartAsync(name, program, arguments, log, mayEnd: true);
        Task writing = WriteAsync(child.Input, frame, stop);
        using var picture = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        for (int got; (got = await child.Output.ReadAsync(buffer, stop)) > 0;)
        {
            if (picture.Length + got > mostBytes)
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

    private sealed class Next : IFrameSink
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
