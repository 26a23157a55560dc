#if !SIPSORCERY
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Watches one stream: asks for lost packets, asks for a key frame when a picture cannot be had without, and hands decodable frames on in order. After
/// a loss beyond repair the picture waits for the next key frame rather than show what never was.
/// </summary>
internal sealed class WatchPeer : IPeer, IPeerMedia
{
    /// <summary>Without a packet for this long the connection is made anew: it may be connected to a hub that has forgotten it.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskKeyEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SoundWait = TimeSpan.FromMilliseconds(60);

    private readonly IWatchSink _sink;
    private readonly TimeSpan _reorderWait;
    private readonly PeerSetting _setting;
    private readonly PeerCredentials _credentials = PeerCredentials.Create();
    private readonly ClientOffer _offer;
    private readonly Ssrc _self = PeerCredentials.RandomSsrc();
    private readonly StreamTimeline _timeline = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PeerEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PeerLoop? _loop;
    private IncomingTrack? _video;
    private IncomingTrack? _audio;
    private bool _needsKey = true;
    private MonoTime _askKeyAt;
    private MonoTime _reportAt;
    private MonoTime _lastPacket;

    public WatchPeer(IWatchSink sink, TimeSpan reorderWait, PeerSetting setting)
    {
        (_sink, _reorderWait, _setting) = (sink, reorderWait, setting);
        _offer = WhepOffer.Create(_credentials.Local(setting.Identity));
    }

    public string Offer => _offer.Sdp;

    public Task Connected => _loop?.Connected ?? _connected.Task;

    public Task<PeerEnd> Ended => _loop?.Ended ?? _ended.Task;

    public PeerStatistics Statistics
    {
        get
        {
            if (_loop is not { } loop)
            {
                return new PeerStatistics(false, false, null, 0, 0, 0, 0);
            }

            lock (loop.Gate)
            {
                return new PeerStatistics(
                    loop.IsConnected, loop.OverTcp, loop.RoundTrip, (_video?.Packets ?? 0) + (_audio?.Packets ?? 0), (_video?.Lost ?? 0) + (_audio?.Lost ?? 0),
                    (_video?.Recovered ?? 0) + (_audio?.Recovered ?? 0), (_video?.Bytes ?? 0) + (_audio?.Bytes ?? 0),
                    (_video?.Expected ?? 0) + (_audio?.Expected ?? 0), (_video?.Missing ?? 0) + (_audio?.Missing ?? 0));
            }
        }
    }

    public string? Start(string answer)
    {
        if (!_offer.TryReadAnswer(answer, out ClientAnswer? agreed, out SdpError error, out SdpRefusal refusal))
        {
            return error != SdpError.None ? error.ToString() : refusal.ToString();
        }

        if (agreed.Video is not { } video)
        {
            return "no video";
        }

        _video = new IncomingTrack(video, _reorderWait);
        _audio = agreed.Audio is { } audio ? new IncomingTrack(audio, SoundWait) : null;
        _sink.OnFormat(video.Codec.Kind == CodecKind.Vp8 ? VideoFormat.Vp8 : VideoFormat.H264, _audio is not null);
        _loop = new PeerLoop(_credentials.Settings(_setting.Identity, agreed.Remote), agreed.Remote.Candidates, _setting.TcpOnly, _setting.Identity, this, _setting.Time);
        _loop.Start();
        return null;
    }

    public void OnConnected(MonoTime now) => (_lastPacket, _reportAt, _askKeyAt) = (now, now + ReportEvery, now + AskKeyEvery);

    public void OnRtp(ReadOnlySpan<byte> packet, MonoTime arrived)
    {
        if (RtpHeader.TryRead(packet, out RtpHeader header) != RtpError.None)
        {
            return;
        }

        ReadOnlySpan<byte> payload = header.Payload(packet);
        if (_video!.OnPacket(header, payload, arrived))
        {
            _lastPacket = arrived;
            Release(TrackKind.Video, _video, arrived);
        }
        else if (_audio?.OnPacket(header, payload, arrived) == true)
        {
            _lastPacket = arrived;
            Release(TrackKind.Audio, _audio, arrived);
        }
    }

    public void OnRtcp(ReadOnlySpan<byte> packet, MonoTime arrived)
    {
        foreach (RtcpPacket part in new RtcpReader(packet))
        {
            if (SenderReport.TryRead(part, out SenderReport report))
            {
                if (report.Sender == _video!.Source)
                {
                    _video.OnSenderReport(report.Ntp, arrived);
                    _timeline.OnSenderReport(TrackKind.Video, report.Ntp, report.Timestamp);
                }
                else if (report.Sender == _audio?.Source)
                {
                    _audio.OnSenderReport(report.Ntp, arrived);
                    _timeline.OnSenderReport(TrackKind.Audio, report.Ntp, report.Timestamp);
                }
            }
        }
    }

    public void OnTick(MonoTime now)
    {
        Release(TrackKind.Video, _video!, now);
        if (_audio is not null)
        {
            Release(TrackKind.Audio, _audio, now);
        }

        Span<byte> output = stackalloc byte[1200];
        var writer = new RtcpWriter(output);
        if (now >= _reportAt)
        {
            _reportAt = now + ReportEvery;
            Report(ref writer, now);
        }

        Ask(ref writer, now);
        if (writer.Length > 0)
        {
            _loop!.SendRtcp(writer.Written);
        }

        if (now - _lastPacket > Silence)
        {
            _loop!.End(PeerEnd.Stalled);
        }
    }

    public ValueTask DisposeAsync()
    {
        _loop?.Dispose();
        _ended.TrySetResult(PeerEnd.Closed);
        _connected.TrySetCanceled();
        return ValueTask.CompletedTask;
    }

    private void Release(TrackKind kind, IncomingTrack track, MonoTime now)
    {
        while (track.MoveNext(now, out _) || track.TryEndPicture(now))
        {
            while (track.Frames.TryTake(out AssembledFrame frame))
            {
                OnFrame(kind, frame, now);
            }
        }
    }

    private void OnFrame(TrackKind kind, in AssembledFrame frame, MonoTime now)
    {
        if (!frame.IsComplete || !frame.IsContinuous)
        {
            if (kind == TrackKind.Video && !_needsKey)
            {
                (_needsKey, _askKeyAt) = (true, now);
            }

            return;
        }

        _needsKey &= kind == TrackKind.Audio;
        TimeSpan at = _timeline.Place(kind, frame.Timestamp, now.AsSpan());
        _sink.OnFrame(new MediaFrame(kind, at, frame.IsKey, frame.Data.ToArray()));
    }

    private void Report(ref RtcpWriter writer, MonoTime now)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[2];
        int count = 0;
        foreach (IncomingTrack? track in (ReadOnlySpan<IncomingTrack?>)[_video, _audio])
        {
            if (track?.TakeReport(now) is { } block)
            {
                blocks[count++] = block;
            }
        }

        writer.AddReceiverReport(_self, blocks[..count]);
        writer.AddCname(_self, _credentials.Cname);
    }

    private void Ask(ref RtcpWriter writer, MonoTime now)
    {
        Span<SeqNo> lost = stackalloc SeqNo[64];
        foreach (IncomingTrack? track in (ReadOnlySpan<IncomingTrack?>)[_video, _audio])
        {
            if (track?.Source is { } source && track.TakeNacks(now, _loop!.RoundTrip ?? TimeSpan.Zero, lost) is > 0 and int count)
            {
                writer.AddNack(_self, source, lost[..count]);
            }
        }

        if ((_needsKey || _sink.WantsKeyFrame) && now >= _askKeyAt && _video!.Source is { } video)
        {
            _askKeyAt = now + AskKeyEvery;
            writer.AddPli(_self, video);
        }
    }
}
#endif
