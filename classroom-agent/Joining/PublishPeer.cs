#if !SIPSORCERY
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Publishes one camera with its microphone. Sends from a key frame on; answers NACKs from its history (by RTX where agreed); a PLI has no way into
/// FFmpeg and is answered by the next regular key frame, at most <see cref="CaptureOptions.KeyFrameSeconds"/> away.
/// </summary>
internal sealed class PublishPeer : IPublishPeer, IPeerMedia
{
    /// <summary>RTP payload that fits every path with IPv6, TCP framing and authentication tag.</summary>
    private const int MaxPayload = 1150;

    /// <summary>The hub reports every second or so and answers consent checks every 5 s; silence for this long means it is gone.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly PeerSetting _setting;
    private readonly PeerCredentials _credentials = PeerCredentials.Create();
    private readonly LocalSources _sources;
    private readonly ClientOffer _offer;
    private readonly DateTimeOffset _wallAtZero;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PeerEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _payload = new byte[MaxPayload];
    private readonly byte[] _header = new byte[OutgoingTrack.MaxHeader];
    private PeerLoop? _loop;
    private OutgoingTrack? _video;
    private OutgoingTrack? _audio;
    private byte? _rtxType;
    private SeqNo _rtxNext = new((ushort)(PeerCredentials.RandomUInt32() & 0x7FFF));
    private bool _started;
    private MonoTime _reportAt;
    private long _resent;
    private long _lost;
    private long _reported;
    private TimeSpan? _roundTrip;

    public PublishPeer(string streamId, PeerSetting setting)
    {
        _setting = setting;
        _wallAtZero = setting.Time.GetUtcNow() - MonoClock.Now(setting.Time).AsSpan();
        _sources = new LocalSources(PeerCredentials.RandomSsrc(), PeerCredentials.RandomSsrc(), PeerCredentials.RandomSsrc(), _credentials.Cname, streamId);
        _offer = WhipOffer.Create(_credentials.Local(setting.Identity), _sources, CodecKind.H264, audio: true);
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
                    loop.IsConnected, loop.OverTcp, _roundTrip ?? loop.RoundTrip, (_video?.Packets ?? 0L) + (_audio?.Packets ?? 0L), _lost, _resent, (_video?.Bytes ?? 0L) + (_audio?.Bytes ?? 0L),
                    _reported, _lost);
            }
        }
    }

    public string? Start(string answer)
    {
        if (!_offer.TryReadAnswer(answer, out ClientAnswer? agreed, out SdpError error, out SdpRefusal refusal))
        {
            return error != SdpError.None ? error.ToString() : refusal.ToString();
        }

        if (agreed.Video is not { Codec.Kind: CodecKind.H264 } video)
        {
            return "no H.264";
        }

        var loop = new PeerLoop(_credentials.Settings(_setting.Identity, agreed.Remote), agreed.Remote.Candidates, _setting.TcpOnly, _setting.Identity, this, _setting.Time);
        lock (loop.Gate)
        {
            _video = new OutgoingTrack(video, _sources.Video, PeerCredentials.RandomUInt32());
            _audio = agreed.Audio is { } audio ? new OutgoingTrack(audio, _sources.Audio, PeerCredentials.RandomUInt32()) : null;
            _rtxType = video.Codec.RtxPayloadType;
        }

        _loop = loop;
        loop.Start();
        return null;
    }

    public void OnFrame(MediaFrame frame)
    {
        if (_loop is not { } loop)
        {
            return;
        }

        lock (loop.Gate)
        {
            if (!loop.IsConnected || loop.Ended.IsCompleted)
            {
                return;
            }

            _started |= frame is { Track: TrackKind.Video, Key: true };
            if (frame.Track == TrackKind.Audio && _audio is not null)
            {
                Send(loop, _audio, frame.At, true, frame.Data.Span);
            }
            else if (frame.Track == TrackKind.Video && _started)
            {
                var payloads = new H264Packetiser(frame.Data.Span, NalForm.AnnexB, MaxPayload);
                while (payloads.TryNext(_payload, out int length, out bool last))
                {
                    Send(loop, _video!, frame.At, last, _payload.AsSpan(0, length));
                }
            }
        }
    }

    public void OnConnected(MonoTime now) => _reportAt = now;

    public void OnRtp(ReadOnlySpan<byte> packet, MonoTime arrived)
    {
        // Nothing comes back on a publishing connection.
    }

    public void OnRtcp(ReadOnlySpan<byte> packet, MonoTime arrived)
    {
        foreach (RtcpPacket part in new RtcpReader(packet))
        {
            if (part.IsNack && part.Media == _sources.Video)
            {
                foreach (SeqNo lost in part.Nacks)
                {
                    Resend(lost);
                }
            }

            foreach (ReportBlock block in part.Reports)
            {
                if (block.Source == _sources.Video)
                {
                    (_lost, _reported) = (Math.Max(0, block.CumulativeLost), _video?.Packets ?? 0L);
                    _roundTrip = block.RoundTrip(NtpTime.From(_wallAtZero + arrived.AsSpan())) ?? _roundTrip;
                }
            }
        }
    }

    public void OnTick(MonoTime now)
    {
        if (now - _loop!.LastHeard > Silence)
        {
            _loop.End(PeerEnd.Stalled);
        }
        else if (now >= _reportAt)
        {
            _reportAt = now + ReportEvery;
            Report(_video!, now);
            if (_audio is not null)
            {
                Report(_audio, now);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _loop?.Dispose();
        _ended.TrySetResult(PeerEnd.Closed);
        _connected.TrySetCanceled();
        return ValueTask.CompletedTask;
    }

    private void Send(PeerLoop loop, OutgoingTrack track, TimeSpan at, bool marker, ReadOnlySpan<byte> payload)
    {
        int header = track.WriteNext(_header, at, marker, payload);
        loop.SendRtp(_header.AsSpan(0, header), payload);
    }

    private void Resend(SeqNo lost)
    {
        if (_video?.Find(lost) is not { } stored)
        {
            return;
        }

        _resent++;
        if (_rtxType is { } type && stored.Payload.Length + RtxPayload.OverheadLength <= _payload.Length + RtxPayload.OverheadLength)
        {
            Span<byte> payload = stackalloc byte[MaxPayload + RtxPayload.OverheadLength];
            int length = RtxPayload.Write(payload, lost, stored.Payload);
            int header = _video.WriteHeader(_header, type, _sources.VideoRtx, _rtxNext, stored.Stamp, stored.Marker);
            _rtxNext = _rtxNext.Next;
            _loop!.SendRtp(_header.AsSpan(0, header), payload[..length]);
        }
    }

    private void Report(OutgoingTrack track, MonoTime now)
    {
        if (track.Packets == 0)
        {
            return;
        }

        Span<byte> output = stackalloc byte[128];
        var writer = new RtcpWriter(output);
        TimeSpan at = now.AsSpan();
        writer.AddSenderReport(new SenderReport(track.Source, NtpTime.From(_wallAtZero + at), track.Stamp(at), track.Packets, track.Bytes));
        writer.AddCname(track.Source, _credentials.Cname);
        _loop!.SendRtcp(writer.Written);
    }
}
#endif
