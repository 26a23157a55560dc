using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// One incoming RTP stream of a publisher: its history, what is missing of it, its statistics and its clock. For simulcast, one per
/// layer. Belongs to the loop of its lesson.
/// </summary>
public sealed class PublishedTrack
{
    private const int VideoPackets = 512;
    private const int AudioPackets = 256;
    private const int VideoPayload = 1500;
    private const int VideoRing = VideoPackets * 1200; // senders stay below 1,200 bytes
    private const int AudioPayload = 1500; // several frames in a packet may fill the path's MTU (RFC 6716 §3.2)
    private const int AudioRing = AudioPackets * 256; // 5 s at 100 kbit/s

    /// <summary>A jump by more numbers than this is no loss but a new beginning (MAX_DROPOUT of RFC 3550 A.1).</summary>
    private const int MaxDropout = 3000;

    private readonly ParameterSetFinder? _parameterSets;
    private SequenceUnwrapper _unwrapper;
    private long _lineBase; // a multiple of 65536
    private int _line;
    private PliThrottle _pli;
    private SenderClock _clock;

    internal PublishedTrack(PublishedStream stream, TrackDescription description, CodecDescription codec, string? rid)
    {
        (Stream, Kind, Codec, Rid) = (stream, description.Kind, codec, rid);
        _parameterSets = codec.Kind == CodecKind.H264 ? new ParameterSetFinder() : null;
        MayAsk = codec.Feedback.HasFlag(RtcpFeedback.Nack);
        History = IsVideo ? new PacketHistory(VideoPackets, VideoPayload, VideoRing) : new PacketHistory(AudioPackets, AudioPayload, AudioRing);
    }

    public PublishedStream Stream { get; }

    public MediaKind Kind { get; }

    public CodecDescription Codec { get; }

    /// <summary>The simulcast layer; null without simulcast.</summary>
    public string? Rid { get; }

    public bool IsVideo => Kind == MediaKind.Video;

    public PacketHistory History { get; }

    public ref readonly SenderClock Clock => ref _clock;

    /// <summary>What is reported to the publisher; null until the first packet named the source.</summary>
    public ReceiveStatistics? Receipt { get; private set; }

    /// <summary>The publisher's source; null until the first packet named it.</summary>
    public Ssrc? Ssrc => Receipt?.Source;

    public Ssrc? RtxSsrc { get; internal set; }

    /// <summary>H.264: the newest parameter sets that have come; null for other codecs.</summary>
    public ParameterSets? Sets => _parameterSets?.Sets;

    /// <summary>How often the source or its numbers began anew.</summary>
    public int Line => _line;

    /// <summary>When its newest packet came.</summary>
    public MonoTime LastArrived { get; private set; }

    public long PacketsReceived { get; private set; }

    public long BytesReceived { get; private set; }

    /// <summary>RTP timestamps that the track went on to: pictures, or pieces of sound.</summary>
    public long Moments { get; private set; }

    /// <summary>Rate of the last whole second, bits per second; 0 in the first.</summary>
    public long BitRate { get; private set; }

    /// <summary>The publisher repeats packets on request.</summary>
    internal bool MayAsk { get; }

    internal NackTracker Missing { get; private set; } = new();

    internal MonoTime? PliDeadline => _pli.NextDeadline;

    private long _rateBytes;
    private long _lostBefore;
    private long _receivedBefore;
    private MonoTime? _rateSince;
    private uint? _moment;

    /// <summary>A subscriber needs a key frame. Requests of many subscribers become one.</summary>
    public void AskKeyFrame() => _pli.Ask();

    /// <summary>Takes a packet of this track that came in time or late, or was recovered.</summary>
    /// <param name="repeated">It came as a retransmission on its own source: it does not count for jitter.</param>
    /// <returns>Why it was of no use; null: the history has it.</returns>
    internal MediaDrop? OnPacket(
        SeqNo sequence, RtpTime timestamp, bool marker, byte audioLevel, ReadOnlySpan<byte> payload, bool keyFrameStart, bool repeated,
        MonoTime arrived)
    {
        if (payload.Length > History.MaxPayload)
        {
            return MediaDrop.TooLarge;
        }

        if (repeated && _line > 0 && !Missing.Awaits(sequence))
        {
            return MediaDrop.Probe; // its number may be one of the source before
        }

        if (!repeated && IsJump(sequence))
        {
            BeginLine();
        }

        long extended = _lineBase + _unwrapper.Unwrap(sequence);
        if (!repeated)
        {
            LastArrived = arrived;
            Receipt?.OnPacket(sequence, timestamp, payload.Length, arrived);
        }

        Missing.OnPacket(sequence, arrived);
        var packet = new StoredPacket
        {
            Sequence = extended,
            Line = _line,
            Timestamp = timestamp.Value,
            Arrived = arrived,
            Marker = marker,
            KeyFrameStart = keyFrameStart,
            AudioLevel = audioLevel,
        };
        if (!History.TryAdd(packet, payload))
        {
            return MediaDrop.Late;
        }

        OnKept(extended, timestamp, payload, keyFrameStart, arrived);
        return null;
    }

    /// <summary>Names the source that the track has now; another one than before begins a line of numbers of its own.</summary>
    internal void Name(Ssrc source)
    {
        bool another = Receipt is not null;
        Receipt = new ReceiveStatistics(source, Codec.ClockRate);
        if (another)
        {
            BeginLine();
        }
    }

    internal void OnSenderReport(NtpTime ntp, RtpTime timestamp, MonoTime arrived)
    {
        _clock.OnReport(ntp.Value, timestamp.Value, arrived);
        Receipt?.OnSenderReport(ntp, arrived);
    }

    internal bool TryTakePli(MonoTime now) => IsVideo && _pli.TryTake(now);

    /// <summary>Share of the packets since the last call that never came, 0 to 1.</summary>
    internal double TakeLoss()
    {
        long lost = Missing.GivenUp - _lostBefore;
        long expected = lost + PacketsReceived - _receivedBefore;
        (_lostBefore, _receivedBefore) = (Missing.GivenUp, PacketsReceived);
        return expected <= 0 ? 0 : Math.Clamp((double)lost / expected, 0, 1);
    }

    private void OnKept(long sequence, RtpTime timestamp, ReadOnlySpan<byte> payload, bool keyFrameStart, MonoTime arrived)
    {
        if (_moment is not { } moment || unchecked((int)(timestamp.Value - moment)) > 0)
        {
            Moments++;
            _moment = timestamp.Value;
        }

        _parameterSets?.OnPayload(sequence, payload);
        if (keyFrameStart)
        {
            _pli.Answered();
        }

        PacketsReceived++;
        BytesReceived += payload.Length;
        MeasureRate(payload.Length, arrived);
    }

    private bool IsJump(SeqNo sequence)
    {
        long ahead = _unwrapper.Started ? _unwrapper.Peek(sequence) - _unwrapper.Highest : 0;
        return ahead > MaxDropout || ahead <= -History.Capacity;
    }

    private void BeginLine()
    {
        _line++;
        _lineBase = (History.Highest | 0xFFFF) + 1;
        _unwrapper = default;
        _clock = default;
        _moment = null;
        Missing = new NackTracker();
        _lostBefore = 0;
        Receipt = Receipt is { } receipt ? new ReceiveStatistics(receipt.Source, Codec.ClockRate) : null;
        History.ForgetKeyFrame();
        if (IsVideo)
        {
            AskKeyFrame();
        }
    }

    private void MeasureRate(int bytes, MonoTime now)
    {
        _rateSince ??= now;
        _rateBytes += bytes;
        TimeSpan passed = now - _rateSince.Value;
        if (passed >= TimeSpan.FromSeconds(1))
        {
            BitRate = (long)(_rateBytes * 8 / passed.TotalSeconds);
            (_rateBytes, _rateSince) = (0, now);
        }
    }
}
