using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>One track that is received: order, recovery, statistics, frames. Begins anew when the source changes (a publisher that came back). Pure; one owner.</summary>
internal sealed class IncomingTrack(TrackDescription agreed, TimeSpan reorderWait)
{
    /// <summary>Within a picture; pictures come every 100 ms or faster, or the screen stands still.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(60);

    private ReceiveStatistics? _statistics;
    private MonoTime _newest;
    private NackTracker _nacks = new();
    private JitterBuffer _buffer = new(reorderWait);
    private long _skippedBefore;
    private long _recoveredBefore;
    private long _expectedBefore;
    private long _missingBefore;

    public CodecDescription Codec => agreed.Codec;

    public Ssrc? Source => _statistics?.Source;

    public FrameAssembler Frames { get; private set; } = new(agreed.Codec.Kind);

    public long Packets { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Packets that never came, after all asking.</summary>
    public long Lost => _skippedBefore + _buffer.Skipped;

    public long Recovered => _recoveredBefore + _nacks.Recovered;

    /// <summary>Packets between the first and the newest.</summary>
    public long Expected => _expectedBefore + (_statistics?.Expected ?? 0);

    /// <summary>Of <see cref="Expected"/>, those that the line has not brought; what was sent again does not count.</summary>
    public long Missing => _missingBefore + Gap;

    public MonoTime? NextDeadline => MonoTime.Earliest(
        MonoTime.Earliest(_buffer.NextDeadline, _nacks.NextDeadline), Frames.MayBeWhole ? _newest + LongestPause : null);

    /// <returns>False: not a packet of this track.</returns>
    public bool OnPacket(in RtpHeader header, ReadOnlySpan<byte> payload, MonoTime arrived)
    {
        if (header.PayloadType == Codec.PayloadType)
        {
            if (_statistics is null || _statistics.Source != header.Ssrc)
            {
                Begin(header.Ssrc);
            }

            Packets++;
            Bytes += payload.Length;
            _statistics!.OnPacket(header.Sequence, header.Timestamp, payload.Length, arrived);
            Take(header.Sequence, header, payload, arrived);
            return true;
        }

        if (header.PayloadType == Codec.RtxPayloadType && _statistics is not null && RtxPayload.TryRead(payload, out SeqNo original, out ReadOnlySpan<byte> inner))
        {
            Take(original, header, inner, arrived);
        }

        return header.PayloadType == Codec.RtxPayloadType;
    }

    /// <summary>Gives ordered packets to <see cref="Frames"/>; drain the frames after each true.</summary>
    public bool MoveNext(MonoTime now, out OrderedPacket packet)
    {
        if (!_buffer.TryTake(now, out packet, out ReadOnlySpan<byte> payload))
        {
            return false;
        }

        Frames.OnPacket(packet, payload);
        return true;
    }

    /// <summary>Shows the newest picture of a publisher whose markers say nothing, when nothing has followed it for a while; drain the frames after a true.</summary>
    public bool TryEndPicture(MonoTime now)
    {
        if (!Frames.MayBeWhole || _buffer.Waiting > 0 || now - _newest < LongestPause)
        {
            return false;
        }

        Frames.Flush();
        return true;
    }

    public int TakeNacks(MonoTime now, TimeSpan roundTrip, Span<SeqNo> output) => agreed.Codec.RtxPayloadType is null && Codec.Kind == CodecKind.Opus
        ? 0
        : _nacks.TakeNacks(now, roundTrip, output);

    public void OnSenderReport(NtpTime ntp, MonoTime arrived) => _statistics?.OnSenderReport(ntp, arrived);

    /// <summary>Null before the first packet.</summary>
    public ReportBlock? TakeReport(MonoTime now) => _statistics?.TakeReport(now);

    private void Take(SeqNo sequence, in RtpHeader header, ReadOnlySpan<byte> payload, MonoTime arrived)
    {
        _newest = arrived;
        _nacks.OnPacket(sequence, arrived);
        _buffer.Insert(sequence, header.Timestamp, header.Marker, payload, arrived);
    }

    private long Gap => Math.Max(0, (_statistics?.Expected ?? 0) - (_statistics?.Received ?? 0));

    private void Begin(Ssrc source)
    {
        (_expectedBefore, _missingBefore) = (Expected, Missing);
        _skippedBefore += _buffer.Skipped;
        _recoveredBefore += _nacks.Recovered;
        _statistics = new ReceiveStatistics(source, Codec.ClockRate);
        (_nacks, _buffer, Frames) = (new NackTracker(), new JitterBuffer(reorderWait), new FrameAssembler(Codec.Kind));
    }
}
