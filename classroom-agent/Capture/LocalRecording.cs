using System.Buffers;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// Keeps what is captured in Matroska files of the data folder (<c>recordings/20260302T010000Z.mkv</c>, UTC), whether or not a hub hears of it. A crash
/// loses at most the last second; the file plays all the same. Old files make room (<see cref="RecordingQuota"/>).
/// </summary>
/// <param name="lessonOn">A lesson is always recorded: while this is true nothing is paused. Null: never.</param>
/// <param name="soundAllowed">False while the room's microphone is muted: then its sound is not kept either.</param>
internal sealed class LocalRecording(RecordingOptions options, string data, Func<bool> soundAllowed, TimeProvider time, ILogger log, Func<bool>? lessonOn = null) : IFrameSink
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);
    private readonly Channel<MediaFrame?> _frames = Channel.CreateBounded<MediaFrame?>(
        new BoundedChannelOptions(1000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly string _folder = Path.Combine(data, "recordings");
    private long _writtenAt;
    private volatile bool _paused;

    /// <summary>Something was written within the last 3 s.</summary>
    public bool Writes => Volatile.Read(ref _writtenAt) is var at && at != 0 && time.GetElapsedTime(at) < TimeSpan.FromSeconds(3);

    /// <summary>Staff have asked for nothing to be kept, and no lesson has come since.</summary>
    public bool Paused => _paused;

    /// <summary>A disk that does not keep up for ten seconds loses frames here, never in the lesson.</summary>
    public void OnFrame(MediaFrame frame)
    {
        if (_paused)
        {
            if (lessonOn?.Invoke() != true)
            {
                return;
            }

            _paused = false;
        }

        if (frame.Track == TrackKind.Video || soundAllowed())
        {
            _frames.Writer.TryWrite(frame);
        }
    }

    /// <summary>Ends the file and keeps nothing until <see cref="Resume"/>, the next lesson or the agent's next start. Thread-safe.</summary>
    /// <returns>False: a lesson is on.</returns>
    public bool TryPause()
    {
        if (lessonOn?.Invoke() == true)
        {
            return false;
        }

        _paused = true;
        _frames.Writer.TryWrite(null);
        return true;
    }

    public void Resume() => _paused = false;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                AtomicFile.MakeFolder(_folder);
                await SegmentAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (IOException e)
            {
                log.RecordingFailed(e.Message);
                await Waits.PauseAsync(Retry, time, stop);
            }
        }
    }

    /// <summary>One file: begins with a key frame, ends before the first key frame after its time.</summary>
    private async Task SegmentAsync(CancellationToken stop)
    {
        MediaFrame? first;
        do
        {
            first = await _frames.Reader.ReadAsync(stop);
        }
        while (first is not { Track: TrackKind.Video, Key: true });

        RecordingQuota.MakeRoom(_folder, options, time.GetUtcNow());
        if (new DriveInfo(_folder).AvailableFreeSpace < options.ReserveMb * 1024L * 1024L)
        {
            throw new IOException("The disk is full");
        }

        DateTimeOffset start = time.GetUtcNow();
        string path = Path.Combine(_folder, start.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + ".mkv");
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 0);
        log.RecordingStarted(Path.GetFileName(path));
        var writer = new MatroskaWriter(new MatroskaOptions { Video = CodecKind.H264, Audio = true, Channels = 1, Start = start });
        var output = new ArrayBufferWriter<byte>(256 * 1024);
        try
        {
            Take(writer, first, first.At);
            while (true)
            {
                if (!_frames.Reader.TryPeek(out MediaFrame? next))
                {
                    await _frames.Reader.WaitToReadAsync(stop);
                    continue;
                }

                if (next is null)
                {
                    _frames.Reader.TryRead(out _);
                    return;
                }

                if (next is { Track: TrackKind.Video, Key: true } && next.At - first.At >= TimeSpan.FromMinutes(options.SegmentMinutes))
                {
                    return;
                }

                _frames.Reader.TryRead(out _);
                Take(writer, next, first.At);
                await AppendAsync(writer, output, file);
            }
        }
        finally
        {
            writer.Finish();
            await AppendAsync(writer, output, file);
            // Ten segments an hour are few enough to make each durable.
            file.Flush(flushToDisk: true);
        }
    }

    private static void Take(MatroskaWriter writer, MediaFrame frame, TimeSpan zero)
    {
        if (frame.Track == TrackKind.Video)
        {
            writer.OnVideo(AccessUnit.LengthPrefixed(frame.Data.Span), frame.At - zero, frame.Key);
        }
        else
        {
            writer.OnAudio(frame.Data.Span, frame.At - zero);
        }
    }

    private async Task AppendAsync(MatroskaWriter writer, ArrayBufferWriter<byte> output, FileStream file)
    {
        if (writer.Take(output) > 0)
        {
            await file.WriteAsync(output.WrittenMemory, CancellationToken.None);
            output.ResetWrittenCount();
            Volatile.Write(ref _writtenAt, time.GetTimestamp());
        }
    }
}
