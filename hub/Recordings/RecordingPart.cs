using System.Buffers;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>
/// One file being recorded: packets are put in order, made into frames, placed on the file's timeline and appended as Matroska.
/// Belongs to the recording thread.
/// </summary>
internal sealed class RecordingPart : IDisposable
{
    // Longer than repeats take; only packets behind a hole wait.
    private static readonly TimeSpan ReorderWait = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan ClusterLength = TimeSpan.FromMilliseconds(250);
    private static readonly MonoTime Forever = new(long.MaxValue / 2);
    private static readonly TimeSpan SyncPeriod = TimeSpan.FromSeconds(1);

    /// <summary>One file after the other: a slow disk must not hold a thread of the pool for each recording.</summary>
    private static readonly TaskScheduler Disk = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default).ExclusiveScheduler;

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(256 * 1024);
    private readonly MatroskaWriter _writer;
    private readonly MediaTimeline _timeline;
    private readonly MonoTime _start;
    private readonly Lane? _video;
    private readonly Lane? _audio;
    private (long Broken, long Whole, long Keys) _pictures;
    private MonoTime _synced;
    private bool _unsynced;
    private Task _syncing = Task.CompletedTask;

    public RecordingPart(Recording row, string path, StreamDescription description, MonoTime start)
    {
        (Row, _start, _synced) = (row, start, start);
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        CodecKind? video = description.Video?.Codec.Kind;
        _timeline = new MediaTimeline(start);
        _video = video is { } codec ? new Lane(codec) : null;
        _audio = description.Audio is not null ? new Lane(CodecKind.Opus) : null;
        _writer = new MatroskaWriter(new MatroskaOptions
        {
            Video = video,
            Audio = _audio is not null,
            Start = row.StartedAt,
            ClusterLength = ClusterLength,
        });
        VideoCodec = video;
    }

    public Recording Row { get; }

    public CodecKind? VideoCodec { get; }

    public bool HasAudio => _audio is not null;

    /// <summary>Why the file has no picture although packets of one came, in English for the log; null: it has, or none came.</summary>
    public string? WhyNoPicture => _writer.HasPicture || _pictures == (0, 0, 0) ? null
        : _pictures.Keys > 0 ? "its key frames come without parameter sets"
        : _pictures.Whole > 0 ? "no key frame came"
        : "no picture came whole";

    public long Bytes => _file.Length;

    public TimeSpan Duration => _writer.End;

    /// <summary>Another publisher of the same codecs goes on in this file.</summary>
    public void OnRestart()
    {
        Drain(Forever);
        _timeline.OnRestart();
        _video?.OnPublisher();
        _audio?.OnPublisher();
    }

    /// <summary>Parameter sets that the publisher sent before this file began.</summary>
    public void OnParameterSets(IReadOnlyList<byte[]> units)
    {
        foreach (byte[] unit in units)
        {
            _video?.Frames.Sets.Learn(unit);
        }
    }

    public void OnClock(in TapItem item)
    {
        if (item.Media == MediaKind.Video)
        {
            _timeline.OnVideoReport(item.Ntp, item.Timestamp);
        }
        else
        {
            _timeline.OnAudioReport(item.Ntp, item.Timestamp);
        }
    }

    public void OnPacket(in TapItem item)
    {
        if ((item.Media == MediaKind.Video ? _video : _audio) is { } lane)
        {
            if (lane.IsOtherLine(item))
            {
                BeginLine(lane);
            }

            lane.Insert(item);
            Drain(lane, item.Packet.Arrived);
        }
    }

    /// <summary>Appends what is ready; every second makes sure that it is on the disk. A slow disk does not hold up what is appended meanwhile.</summary>
    public void OnTime(MonoTime now)
    {
        Drain(now);
        _writer.OnTime(now - _start);
        Append();
        if (_unsynced && now - _synced >= SyncPeriod && _syncing.IsCompleted)
        {
            _syncing.GetAwaiter().GetResult(); // done; throws what the disk had to say
            (_unsynced, _synced) = (false, now);
            _syncing = Task.Factory.StartNew(() => RandomAccess.FlushToDisk(_file.SafeFileHandle), CancellationToken.None, TaskCreationOptions.None, Disk);
        }
    }

    public void Finish()
    {
        Drain(Forever);
        _writer.Finish();
        Append();
        _syncing.GetAwaiter().GetResult();
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    public void Dispose()
    {
        _syncing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        _file.Dispose();
    }

    /// <summary>The publisher's source or its numbers began anew: nothing of before continues in what follows.</summary>
    private void BeginLine(Lane lane)
    {
        Drain(lane, Forever);
        lane.Restart(lane.Frames.Sets);
        if (lane == _video)
        {
            _timeline.OnVideoRestart();
        }
        else
        {
            _timeline.OnAudioRestart();
        }
    }

    private void Drain(MonoTime now)
    {
        Drain(_video, now);
        Drain(_audio, now);
    }

    private void Drain(Lane? lane, MonoTime now)
    {
        while (lane is not null && lane.Order.TryTake(now, out OrderedPacket packet, out ReadOnlySpan<byte> payload))
        {
            lane.Frames.OnPacket(packet, payload);
            WriteFrames(lane);
        }

        if (lane is not null && lane.MayEnd(now))
        {
            lane.Frames.Flush();
            WriteFrames(lane);
        }
    }

    private void WriteFrames(Lane lane)
    {
        while (lane.Frames.TryTake(out AssembledFrame frame))
        {
            Write(lane, frame, lane.ArrivalOf(frame.Last));
        }
    }

    private void Write(Lane lane, in AssembledFrame frame, MonoTime arrived)
    {
        if (lane == _video)
        {
            _pictures = (
                _pictures.Broken + (frame.IsComplete ? 0 : 1), _pictures.Whole + (frame.IsComplete ? 1 : 0), _pictures.Keys + (frame.IsComplete && frame.IsKey ? 1 : 0));
        }

        if (!frame.IsComplete)
        {
            return;
        }

        if (lane == _audio)
        {
            _writer.OnAudio(frame.Data, _timeline.PlaceAudio(frame.Timestamp, arrived));
        }
        else if (frame.IsContinuous)
        {
            _writer.OnVideo(frame.Data, _timeline.PlaceVideo(frame.Timestamp, arrived), frame.IsKey);
        }
    }

    private void Append()
    {
        if (_writer.Take(_buffer) > 0)
        {
            _file.Write(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
            _unsynced = true;
        }
    }

    /// <summary>One track's way from packets to frames.</summary>
    private sealed class Lane(CodecKind codec)
    {
        private readonly MonoTime[] _arrivals = new MonoTime[1024];
        private MonoTime _newest;
        private int? _line;

        public JitterBuffer Order { get; private set; } = new(ReorderWait);

        public FrameAssembler Frames { get; private set; } = new(codec, endsAtMarker: false);

        public void Insert(in TapItem item)
        {
            var sequence = new SeqNo((ushort)(item.Packet.Sequence & 0xFFFF));
            _arrivals[sequence.Value % _arrivals.Length] = _newest = item.Packet.Arrived;
            Order.Insert(sequence, new RtpTime(item.Packet.Timestamp), item.Packet.Marker, item.Payload.AsSpan(0, item.Length), item.Packet.Arrived);
        }

        /// <summary>Nothing more of the newest picture is to be expected: its marker has come and then nothing for a while; or this is the end.</summary>
        public bool MayEnd(MonoTime now) => Order.Waiting == 0 && (now == Forever || (Frames.MayBeWhole && now - _newest >= ReorderWait));

        public MonoTime ArrivalOf(SeqNo sequence) => _arrivals[sequence.Value % _arrivals.Length];

        public bool IsOtherLine(in TapItem item)
        {
            (int? before, _line) = (_line, item.Packet.Line);
            return before is { } line && line != item.Packet.Line;
        }

        public void OnPublisher()
        {
            Restart(new ParameterSets());
            _line = null;
        }

        /// <param name="sets">Parameter sets that stay in force.</param>
        public void Restart(ParameterSets sets) =>
            (Order, Frames) = (new JitterBuffer(ReorderWait), new FrameAssembler(codec, endsAtMarker: false) { Sets = sets });
    }
}
