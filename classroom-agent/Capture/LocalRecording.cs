using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// Keeps the lessons of the lecturer's room in Matroska files of the data folder (<c>recordings/20260302T010000Z.mkv</c>, UTC by the hub's clock as far as it
/// is known), whether or not a hub hears of it, and nothing between them. A crash loses at most the last second; the file plays all the same. Old files make
/// room (<see cref="RecordingQuota"/>).
/// </summary>
internal sealed class LocalRecording(RecordingOptions options, string data, HubClock clock, TimeProvider time, ILogger log) : IFrameSink
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);
    private readonly Channel<MediaFrame?> _frames = Channel.CreateBounded<MediaFrame?>(
        new BoundedChannelOptions(1000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly string _folder = Path.Combine(data, "recordings");
    private long _writtenAt;
    private volatile bool _on;

    /// <summary>Something was written within the last 3 s.</summary>
    public bool Writes => Volatile.Read(ref _writtenAt) is var at && at != 0 && time.GetElapsedTime(at) < TimeSpan.FromSeconds(3);

    /// <summary>A lesson is to be kept.</summary>
    public bool IsOn => _on;

    /// <summary>A disk that does not keep up for ten seconds loses frames here, never in the lesson.</summary>
    public void OnFrame(MediaFrame frame)
    {
        if (_on)
        {
            _frames.Writer.TryWrite(frame);
        }
    }

    /// <summary>Begins to keep, or ends the file and keeps nothing more. Thread-safe.</summary>
    public void Set(bool on)
    {
        _on = on;
        if (!on)
        {
            _frames.Writer.TryWrite(null);
        }
    }

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

        RecordingQuota.MakeRoom(_folder, options, clock.IsCompared ? clock.Now : null);
        if (new DriveInfo(_folder).AvailableFreeSpace < options.ReserveMb * 1024L * 1024L)
        {
            throw new IOException("The disk is full");
        }

        DateTimeOffset start = clock.Now;
        string path = RecordingQuota.NewName(_folder, start);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0);
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
                    log.RecordingEnded();
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
