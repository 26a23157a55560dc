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
    private const int AudioPayload = 1276; // the largest Opus packet of 20 ms
    private const int AudioRing = AudioPackets * 256; // 5 s at 100 kbit/s

    private SequenceUnwrapper _unwrapper;
    private PliThrottle _pli;
    private SenderClock _clock;

    internal PublishedTrack(PublishedStream stream, TrackDescription description, CodecDescription codec, string? rid)
    {
        (Stream, Kind, Codec, Rid) = (stream, description.Kind, codec, rid);
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

    public long PacketsReceived { get; private set; }

    public long BytesReceived { get; private set; }

    /// <summary>RTP timestamps that the track went on to: pictures, or pieces of sound.</summary>
    public long Moments { get; private set; }

    /// <summary>Packets that came a second time, or too late for the history.</summary>
    public long Useless { get; private set; }

    /// <summary>Rate of the last whole second, bits per second; 0 in the first.</summary>
    public long BitRate { get; private set; }

    /// <summary>The publisher repeats packets on request.</summary>
    internal bool MayAsk { get; }

    internal NackTracker Missing { get; } = new();

    internal MonoTime? PliDeadline => _pli.NextDeadline;

    private long _rateBytes;
    private long _lostBefore;
    private long _receivedBefore;
    private MonoTime? _rateSince;
    private uint _moment;

    /// <summary>A subscriber needs a key frame. Requests of many subscribers become one.</summary>
    public void AskKeyFrame() => _pli.Ask();

    /// <summary>Takes a packet of this track that came in time or late, or was recovered.</summary>
    /// <param name="repeated">It came as a retransmission on its own source: it does not count for jitter.</param>
    /// <returns>False when it was of no use.</returns>
    internal bool OnPacket(
        SeqNo sequence, RtpTime timestamp, bool marker, byte audioLevel, ReadOnlySpan<byte> payload, bool keyFrameStart, bool repeated,
        MonoTime arrived)
    {
        long extended = _unwrapper.Unwrap(sequence);
        if (!repeated)
        {
            Receipt?.OnPacket(sequence, timestamp, payload.Length, arrived);
        }

        Missing.OnPacket(sequence, arrived);
        var packet = new StoredPacket
        {
            Sequence = extended,
            Timestamp = timestamp.Value,
            Arrived = arrived,
            Marker = marker,
            KeyFrameStart = keyFrameStart,
            AudioLevel = audioLevel,
        };
        if (!History.TryAdd(packet, payload))
        {
            Useless++;
            return false;
        }

        if (keyFrameStart)
        {
            _pli.Answered();
        }

        if (Moments == 0 || unchecked((int)(timestamp.Value - _moment)) > 0)
        {
            Moments++;
            _moment = timestamp.Value;
        }

        PacketsReceived++;
        BytesReceived += payload.Length;
        MeasureRate(payload.Length, arrived);
        return true;
    }

    internal void Name(Ssrc source) => Receipt = new ReceiveStatistics(source, Codec.ClockRate);

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
