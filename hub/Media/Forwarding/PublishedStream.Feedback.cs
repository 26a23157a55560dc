using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <content>RTCP with the publisher: its clock in; reports, requests and transport feedback out.</content>
public sealed partial class PublishedStream
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClockWait = TimeSpan.FromSeconds(3);
    private const int MaxNacksAtOnce = 64;

    private readonly TransportFeedbackRecorder _transport = new();
    private bool _usesTransport;
    private MonoTime? _began;
    private MonoTime? _reportDue;
    private MonoTime _transportDue;
    private bool _reportPending;

    /// <summary>Upper limit told to a publisher that is steered by REMB, bits per second.</summary>
    public long MaxBitRate { get; init; } = 6_000_000;

    /// <summary>Worst of the tracks' loss in the last report period, after what came late; 0 to 100.</summary>
    public double LossPercent { get; private set; }

    /// <summary>Between hub and publisher; null: the driver knows better or nobody does.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Repeats asked of the publisher.</summary>
    public long Nacked { get; private set; }

    /// <summary>Key frames asked of the publisher.</summary>
    public long PlisSent { get; private set; }

    /// <summary>When <see cref="TryTakeRtcp"/> wants to be called.</summary>
    public MonoTime? NextDeadline
    {
        get
        {
            MonoTime? next = _reportDue ?? new MonoTime(long.MinValue);
            if (_usesTransport)
            {
                next = MonoTime.Earliest(next, _transportDue);
            }

            foreach (PublishedTrack track in _tracks)
            {
                next = MonoTime.Earliest(next, MonoTime.Earliest(track.Missing.NextDeadline, track.Ssrc is null ? null : track.PliDeadline));
            }

            return next;
        }
    }

    /// <summary>Takes a decrypted RTCP datagram of the publisher.</summary>
    public void OnRtcp(ReadOnlySpan<byte> plain, MonoTime arrived)
    {
        foreach (RtcpPacket packet in new RtcpReader(plain))
        {
            if (!SenderReport.TryRead(packet, out SenderReport report))
            {
                continue;
            }

            foreach (PublishedTrack track in _tracks)
            {
                if (track.Ssrc == report.Sender)
                {
                    track.OnSenderReport(report.Ntp, report.Timestamp, arrived);
                }
            }
        }
    }

    /// <summary>
    /// The clock that reports to subscribers are made from: the publisher's own, or, while not all of its tracks have told theirs and
    /// some seconds have passed, the time of arrival for all of them alike.
    /// </summary>
    internal SenderClock ClockOf(PublishedTrack track)
    {
        if (_tracks.TrueForAll(t => t.Clock.Known || t.PacketsReceived == 0))
        {
            return track.Clock;
        }

        var clock = default(SenderClock);
        if (track.History.TryGetArrival(track.History.Arrivals - 1, out StoredPacket last, out _) && _began is { } began
            && last.Arrived - began > ClockWait)
        {
            // Any origin will do as long as sound and picture share it.
            ulong ntp = unchecked((ulong)(long)(last.Arrived.Nanoseconds / 1e9 * 4294967296.0));
            clock.OnReport(ntp | 1, last.Timestamp, last.Arrived);
        }

        return clock;
    }

    /// <summary>The next RTCP datagram to send; call until false at <see cref="NextDeadline"/>.</summary>
    /// <param name="output">1,200 bytes or more.</param>
    public bool TryTakeRtcp(MonoTime now, Span<byte> output, out int length)
    {
        var writer = new RtcpWriter(output);
        _began ??= now;
        if (_reportDue is not { } due || now >= due)
        {
            _reportDue = now + ReportPeriod;
            _reportPending = true;
        }

        if (_reportPending)
        {
            _reportPending = false;
            WriteReports(ref writer, now);
        }

        foreach (PublishedTrack track in _tracks)
        {
            WriteRequests(ref writer, track, now);
        }

        if (_usesTransport && now >= _transportDue)
        {
            _transportDue = now + TransportPeriod;
            _transport.TryWrite(ref writer, new Ssrc(_ownSsrc), _tracks[^1].Ssrc ?? _tracks[0].Ssrc ?? default);
        }

        length = writer.Length;
        return length > 0;
    }

    // Senders steer by this feedback: seldom enough to be cheap, often enough for a change within a few hundred milliseconds.
    private static readonly TimeSpan TransportPeriod = TimeSpan.FromMilliseconds(80);

    private void OnTransportSequence(ushort number, MonoTime arrived)
    {
        if (!_usesTransport)
        {
            _usesTransport = true;
            _transportDue = arrived + TransportPeriod;
        }

        _transport.OnPacket(number, arrived);
    }

    private void WriteReports(ref RtcpWriter writer, MonoTime now)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[8];
        Span<Ssrc> video = stackalloc Ssrc[8];
        int count = 0, videos = 0;
        double worst = 0;
        foreach (PublishedTrack track in _tracks)
        {
            if (track.Receipt is not { } receipt || count == blocks.Length)
            {
                continue;
            }

            worst = Math.Max(worst, track.TakeLoss() * 100);
            blocks[count++] = receipt.TakeReport(now);
            if (track.IsVideo)
            {
                video[videos++] = receipt.Source;
            }
        }

        LossPercent = worst;
        writer.AddReceiverReport(new Ssrc(_ownSsrc), blocks[..count]);
        if (_steeredByRemb && !_usesTransport && videos > 0)
        {
            writer.AddRemb(new Ssrc(_ownSsrc), new Remb((ulong)MaxBitRate), video[..videos]);
        }
    }

    private void WriteRequests(ref RtcpWriter writer, PublishedTrack track, MonoTime now)
    {
        if (track.Ssrc is not { } ssrc)
        {
            return;
        }

        if (track.MayAsk)
        {
            Span<SeqNo> lost = stackalloc SeqNo[MaxNacksAtOnce];
            int count = track.Missing.TakeNacks(now, TimeSpan.Zero, lost);
            if (track.Missing.TakeLoss() && track.IsVideo)
            {
                track.AskKeyFrame();
            }

            if (count > 0 && writer.AddNack(new Ssrc(_ownSsrc), ssrc, lost[..count]))
            {
                Nacked += count;
            }
        }

        if (track.TryTakePli(now) && writer.AddPli(new Ssrc(_ownSsrc), ssrc))
        {
            PlisSent++;
        }
    }
}
