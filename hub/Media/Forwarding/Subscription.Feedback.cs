using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <content>RTCP with the subscriber: its reports, requests and estimates in; sender reports out.</content>
public sealed partial class Subscription
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(200);

    // A request that crossed its answer comes about a round trip later; on a very near peer the timer of the receiver decides.
    private static readonly TimeSpan LeastRepeatInterval = TimeSpan.FromMilliseconds(8);

    private readonly SendLog _sent = new();
    private readonly ReportLog _reports = new();
    private MonoTime? _reportDue;
    private MonoTime? _lookDue;
    private bool _audioReportDue;
    private bool _videoReportDue;
    private uint? _videoReported;
    private uint? _audioReported;

    /// <summary>From the last report blocks; null before the first.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Worst of the tracks' last reports, 0 to 100.</summary>
    public double LossPercent { get; private set; }

    /// <summary>Packets the subscriber asked for again.</summary>
    public long Asked { get; private set; }

    /// <summary>Key frames the subscriber asked for.</summary>
    public long KeyFramesAsked { get; private set; }

    public DownlinkEstimator Downlink { get; } = new();

    /// <summary>When <see cref="TryTakeRtcp"/> and <see cref="TryTakeRtp"/> want to be called without a new packet.</summary>
    public MonoTime? NextDeadline
    {
        get
        {
            if (_reportDue is not { } report || _lookDue is not { } look)
            {
                return new MonoTime(long.MinValue);
            }

            MonoTime next = report < look ? report : look;
            return PaceDeadline is { } pace && pace < next ? pace : next;
        }
    }

    /// <summary>When <see cref="TryTakeRtp"/> may give the next packet of a paced burst (history, repeats); null: nothing is waiting.</summary>
    public MonoTime? PaceDeadline
    {
        get
        {
            MonoTime? next = _video is { CatchingUp: true, HasPending: true } ? _catchUpPace.Next : null;
            return _repeatCount > 0 ? MonoTime.Earliest(next, _repeatPace.Next) : next;
        }
    }

    private TimeSpan RepeatInterval =>
        RoundTrip is { } trip && trip > LeastRepeatInterval ? trip : LeastRepeatInterval;

    /// <summary>Takes a decrypted RTCP datagram of the subscriber. Foreign and malformed parts are ignored.</summary>
    public void OnRtcp(ReadOnlySpan<byte> plain, MonoTime now)
    {
        foreach (RtcpPacket packet in new RtcpReader(plain))
        {
            if (packet.IsNack)
            {
                OnNack(packet);
            }
            else if (packet.IsTransportCc)
            {
                OnTransportFeedback(packet, now);
            }
            else if (packet.IsPli || packet.IsFir)
            {
                OnKeyFrameRequest(packet);
            }
            else if (Remb.TryRead(packet, out Remb remb))
            {
                Downlink.OnRemb((long)Math.Min(remb.BitsPerSecond, long.MaxValue / 2), now);
            }

            OnReports(packet, now);
        }
    }

    /// <summary>The next RTCP datagram to send; call until false at <see cref="NextDeadline"/>.</summary>
    /// <param name="output">200 bytes or more.</param>
    public bool TryTakeRtcp(MonoTime now, Span<byte> output, out int length)
    {
        length = 0;
        if (_lookDue is not { } look || now >= look)
        {
            _lookDue = now + LookPeriod;
            Downlink.OnTime(now);
            ChooseLayer(now);
            if (_video is { AwaitsKeyFrame: true, CatchingUp: false } waiting)
            {
                waiting.Source!.AskKeyFrame();
            }
        }

        if (_reportDue is not { } due || now >= due)
        {
            _reportDue = now + ReportPeriod;
            _audioReportDue = true;
            _videoReportDue = true;
        }

        if (_audioReportDue)
        {
            _audioReportDue = false;
            length = WriteReport(_audio, now, output);
        }

        if (length == 0 && _videoReportDue)
        {
            _videoReportDue = false;
            length = WriteReport(_video, now, output);
        }

        return length > 0;
    }

    private void OnNack(in RtcpPacket packet)
    {
        OutgoingTrack? track = TrackOf(packet.Media);
        if (track is null)
        {
            return;
        }

        _repeats = _repeats.Length == 0 ? new (OutgoingTrack, ushort)[MaxRepeats] : _repeats;
        foreach (SeqNo lost in packet.Nacks)
        {
            Asked++;
            if (_repeatCount < MaxRepeats)
            {
                _repeats[(_repeatHead + _repeatCount) % MaxRepeats] = (track, lost.Value);
                _repeatCount++;
            }
        }
    }

    private void OnTransportFeedback(in RtcpPacket packet, MonoTime now)
    {
        if (!TransportFeedback.TryRead(packet, out TransportFeedback feedback))
        {
            return;
        }

        foreach (PacketArrival one in feedback)
        {
            if (one.Arrival is { } arrival && _sent.TryGet(one.TransportSequence, out int size, out MonoTime sentAt))
            {
                Downlink.OnDelivered(size, sentAt, arrival, now);
            }
        }
    }

    private void OnKeyFrameRequest(in RtcpPacket packet)
    {
        if (_video is { Source: { } source, Open: true } video && packet.AsksKeyFrameOf(new Ssrc(video.Format.Ssrc)))
        {
            KeyFramesAsked++;
            source.AskKeyFrame();
        }
    }

    private void OnReports(in RtcpPacket packet, MonoTime now)
    {
        double worst = 0, lost = 0, expected = 0;
        foreach (ReportBlock block in packet.Reports)
        {
            if (TrackOf(block.Source) is not { } track)
            {
                continue;
            }

            double packets = Math.Max(1, ExpectedSince(track, block.HighestSequence));
            (expected, lost) = (expected + packets, lost + (packets * block.LossRatio));
            worst = Math.Max(worst, block.LossRatio * 100);
            RoundTrip = _reports.RoundTrip(block.LastReport, block.DelaySinceLastReport, now) ?? RoundTrip;
        }

        if (expected > 0)
        {
            LossPercent = worst;
            Downlink.OnLoss(lost / expected, now);
        }
    }

    /// <summary>How many packets a report of a track speaks of; 0 when not known.</summary>
    private uint ExpectedSince(OutgoingTrack track, uint highest)
    {
        ref uint? last = ref track == _video ? ref _videoReported : ref _audioReported;
        uint more = last is { } before ? unchecked(highest - before) : 0;
        last = highest;
        return more < 0x8000 ? more : 0;
    }

    /// <summary>Only media sources: what is lost of the repeats is asked for again under its media number.</summary>
    private OutgoingTrack? TrackOf(Ssrc source) =>
        _video is not null && _video.Format.Ssrc == source.Value ? _video :
        _audio is not null && _audio.Format.Ssrc == source.Value ? _audio : null;

    /// <summary>The publisher's clock as the subscriber must read it: same wall clock, the subscriber's timestamps.</summary>
    private int WriteReport(OutgoingTrack? track, MonoTime now, Span<byte> output)
    {
        if (track is not { Started: true, MappedSource: { } source } || !ReferenceEquals(source.Stream, Stream))
        {
            return 0;
        }

        SenderClock clock = source.Stream.ClockOf(source);
        if (!clock.Known)
        {
            return 0;
        }

        (ulong ntp, uint timestamp) = clock.At(now, track.Format.ClockRate);
        var report = new SenderReport(
            new Ssrc(track.Format.Ssrc), new NtpTime(ntp), new RtpTime(unchecked(timestamp + track.TimestampOffset)),
            unchecked((uint)track.PacketsSent), unchecked((uint)track.BytesSent));
        var writer = new RtcpWriter(output);
        if (!writer.AddSenderReport(report) || !writer.AddCname(new Ssrc(track.Format.Ssrc), _format.Cname))
        {
            return 0;
        }

        _reports.OnSent(report.Ntp.Middle, now);
        return writer.Length;
    }
}
