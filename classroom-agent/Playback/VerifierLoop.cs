using System.Buffers;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Decodes a watched stream in an FFmpeg child and feeds the meters. One per watched stream.</summary>
/// <param name="sockets">A folder for the child's sockets; only the agent may enter it.</param>
internal sealed class VerifierLoop(string ffmpeg, string sockets, FramePipe pipe, IReadOnlyList<ReceptionMeter> meters, TimeProvider time, ILogger log)
{
    private const int PictureSize = PatternReader.Width * PatternReader.Height;

    /// <summary>So long a picture waits for its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private int _generation;

    /// <summary>Reads a meter under the lock that the decoding threads take.</summary>
    public T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        SocketTap? times = null, sound = null;
        try
        {
            var loop = new ChildLoop(
                "verifier",
                () =>
                {
                    // New sockets for each child: it must not find its predecessor's.
                    times?.Dispose();
                    sound?.Dispose();
                    _generation++;
                    times = new SocketTap(Path.Combine(sockets, $"t{_generation}"));
                    sound = new SocketTap(Path.Combine(sockets, $"s{_generation}"));
                    return ChildProcess.StartAsync("verifier", ffmpeg, FfmpegVerify.Arguments(times.Path, sound.Path), log);
                },
                (child, end) => ServeAsync(child, times!, sound!, end),
                time,
                log);
            await loop.RunAsync(stop);
        }
        finally
        {
            times?.Dispose();
            sound?.Dispose();
        }
    }

    private async Task ServeAsync(ChildProcess child, SocketTap times, SocketTap sound, CancellationToken stop)
    {
        var at = Channel.CreateUnbounded<TimeSpan>();
        lock (_gate)
        {
            foreach (ReceptionMeter meter in meters)
            {
                meter.OnDecoder();
            }
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts =
        [
            pipe.PumpAsync(child.Input, end.Token), PicturesAsync(child.Output, at.Reader, end.Token), TimesAsync(times, at.Writer, end.Token), SoundAsync(sound, end.Token),
        ];
        await Task.WhenAny(parts[0], parts[1], child.Exited);
        await end.CancelAsync();
        child.Kill();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PicturesAsync(Stream output, ChannelReader<TimeSpan> times, CancellationToken stop)
    {
        byte[] picture = new byte[PictureSize];
        bool timed = true;
        while (await output.ReadAtLeastAsync(picture, PictureSize, throwOnEndOfStream: false, stop) == PictureSize)
        {
            TimeSpan now = Now();
            DateTimeOffset wall = time.GetUtcNow();
            TimeSpan? at = timed ? await NextAsync(times, stop) : null;
            timed = at is not null;
            lock (_gate)
            {
                foreach (ReceptionMeter meter in meters)
                {
                    meter.OnPicture(picture, at, now, wall);
                }
            }
        }
    }

    /// <summary>The line with a picture's time is written before the picture is, but may be read after it.</summary>
    /// <returns>Null: none came; what comes later is not known to belong to the pictures that follow.</returns>
    private static async Task<TimeSpan?> NextAsync(ChannelReader<TimeSpan> times, CancellationToken stop)
    {
        if (times.TryRead(out TimeSpan at))
        {
            return at;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            return await times.ReadAsync(limit.Token);
        }
        catch (Exception e) when (e is ChannelClosedException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task TimesAsync(SocketTap tap, ChannelWriter<TimeSpan> times, CancellationToken stop)
    {
        try
        {
            using var lines = new StreamReader(await tap.AcceptAsync(stop));
            while (await lines.ReadLineAsync(stop) is { } line)
            {
                int at = line.IndexOf("pts_time:", StringComparison.Ordinal);
                if (at >= 0 && double.TryParse(line.AsSpan(at + 9), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
                {
                    times.TryWrite(TimeSpan.FromSeconds(seconds));
                }
            }
        }
        finally
        {
            times.TryComplete();
        }
    }

    private async Task SoundAsync(SocketTap tap, CancellationToken stop)
    {
        await using Stream sound = await tap.AcceptAsync(stop);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(19_200);
        int kept = 0;
        int got;
        while ((got = await sound.ReadAsync(buffer.AsMemory(kept), stop)) > 0)
        {
            int whole = (kept + got) & ~1;
            lock (_gate)
            {
                foreach (ReceptionMeter meter in meters)
                {
                    meter.OnSound(buffer.AsSpan(0, whole));
                }
            }

            kept = kept + got - whole;
            buffer[0] = kept == 1 ? buffer[whole] : buffer[0];
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private TimeSpan Now() => TimeSpan.FromSeconds((double)time.GetTimestamp() / time.TimestampFrequency);
}
