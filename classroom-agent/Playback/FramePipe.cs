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

    private readonly Channel<Waiting> _frames = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostWaiting));
    private volatile bool _dropping = true;
    private volatile bool _pumping;
    private volatile StreamFormat? _format;
    private bool _hadChild;
    private Waiting? _next; // of another codec than the child had
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

        if (!_pumping && frame is { Track: TrackKind.Video, Key: true })
        {
            // Nobody watches yet: whoever begins to, begins here and not with what was on minutes ago.
            Drain();
        }

        if (!_frames.Writer.TryWrite(new Waiting(frame, format)))
        {
            _dropping = true;
        }
    }

    /// <summary>Writes until told to stop, the child closes its end or the codec changes. To be called once per child: each gets a stream of its own from its header on.</summary>
    public async Task PumpAsync(Stream output, CancellationToken stop)
    {
        if ((_hadChild && _next is null) || _dropping)
        {
            // What waited belongs to the child that is gone, or ran over while there was none and lacks its end;
            // otherwise a child begins with what came while it was starting.
            Drain();
            _dropping = true;
        }

        (_hadChild, _pumping) = (true, true);
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
        while (true)
        {
            Waiting next = _next ?? await _frames.Reader.ReadAsync(stop);
            _next = null;
            if (writer is not null && next.Format != written)
            {
                // The next child's stream begins with it.
                _next = next;
                return;
            }

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

    private void Drain()
    {
        while (_frames.Reader.TryRead(out _))
        {
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
