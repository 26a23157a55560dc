using System.Buffers;
using System.Threading.Channels;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>
/// Carries the frames of one watched stream to one child as live Matroska. Begins at a key frame; when the child does not keep up
/// (2 s behind) everything up to the next key frame is dropped rather than the whole lesson delayed. A publisher with another codec ends the child's
/// stream: the next child begins with the new one. Frames in from the peer's thread, bytes out in <see cref="PumpAsync"/>.
/// </summary>
internal sealed class FramePipe : IWatchSink
{
    /// <summary>About 2 s of picture and sound.</summary>
    private const int MostWaiting = 160;

    private readonly Channel<Waiting> _frames = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private volatile bool _dropping = true;
    private volatile bool _pumping;
    private volatile StreamFormat? _format;
    private bool _hadChild;
    private bool _formatChanged;
    private long _newestAt;

    private sealed record StreamFormat(VideoFormat Video, bool HasAudio);

    private readonly record struct Waiting(MediaFrame Frame, StreamFormat Format);

    /// <summary>Time of the newest frame handed on, on the stream's timeline.</summary>
    public TimeSpan NewestAt => TimeSpan.FromTicks(Volatile.Read(ref _newestAt));

    public bool WantsKeyFrame => _dropping && _pumping;

    public void OnFormat(VideoFormat video, bool hasAudio)
    {
        var format = new StreamFormat(video, hasAudio);
        _dropping |= _format is not null && _format != format;
        _format = format;
    }

    public void OnFrame(MediaFrame frame)
    {
        if (_format is not { } format)
        {
            return;
        }

        if (_dropping)
        {
            if (frame.Track == TrackKind.Audio || !frame.Key)
            {
                return;
            }

            _dropping = false;
        }

        if (!_frames.Writer.TryWrite(new Waiting(frame, format)))
        {
            _dropping = true;
        }
    }

    /// <summary>Writes until told to stop, the child closes its end or the codec changes. To be called once per child: each gets a stream of its own from its header on.</summary>
    public async Task PumpAsync(Stream output, CancellationToken stop)
    {
        if (_hadChild && !_formatChanged)
        {
            // What waited belongs to the child that is gone; the first child begins with what came while it was starting.
            while (_frames.Reader.TryRead(out _))
            {
            }

            _dropping = true;
        }

        (_hadChild, _formatChanged, _pumping) = (true, false, true);
        try
        {
            await WriteAsync(output, stop);
        }
        finally
        {
            _pumping = false;
        }
    }

    private async Task WriteAsync(Stream output, CancellationToken stop)
    {
        MatroskaWriter? writer = null;
        TimeSpan zero = default;
        var bytes = new ArrayBufferWriter<byte>(64 * 1024);
        StreamFormat? written = null;
        while (await _frames.Reader.WaitToReadAsync(stop))
        {
            if (!_frames.Reader.TryPeek(out Waiting next))
            {
                continue;
            }

            if (writer is not null && next.Format != written)
            {
                // Left where it is: the next child's stream begins with it.
                _formatChanged = true;
                return;
            }

            _frames.Reader.TryRead(out _);
            MediaFrame frame = next.Frame;
            if (writer is null)
            {
                if (frame is not { Track: TrackKind.Video, Key: true })
                {
                    continue;
                }

                (zero, written) = (frame.At, next.Format);
                writer = new MatroskaWriter(new MatroskaOptions
                {
                    Video = written.Video == VideoFormat.Vp8 ? CodecKind.Vp8 : CodecKind.H264,
                    Audio = written.HasAudio,
                    Live = true,
                });
            }

            Take(writer, frame, frame.At - zero);
            Volatile.Write(ref _newestAt, (frame.At - zero).Ticks);
            if (writer.Take(bytes) > 0)
            {
                await output.WriteAsync(bytes.WrittenMemory, stop);
                await output.FlushAsync(stop);
                bytes.ResetWrittenCount();
            }
        }
    }

    private static void Take(MatroskaWriter writer, MediaFrame frame, TimeSpan at)
    {
        if (frame.Track == TrackKind.Video)
        {
            writer.OnVideo(frame.Data.Span, at, frame.Key);
        }
        else
        {
            writer.OnAudio(frame.Data.Span, at);
        }
    }
}
