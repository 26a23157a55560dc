#if SIPSORCERY
using System.Net;
using Microsoft.Extensions.Logging;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;
using ThreeClassrooms.Agent.Capture;
using PackageVideoFormat = SIPSorceryMedia.Abstractions.VideoFormat;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Peers on SIPSorcery, built with <c>-p:PeerStack=SIPSorcery</c>. The product's default package set does not carry that package, so this file is in no
/// default build; it has neither RTX nor TCP candidates, and its licence restricts where it may be used.
/// </summary>
internal sealed class PeerFactory(bool tcpOnly, TimeSpan reorderWait, TimeProvider time, ILogger log) : IPeerFactory, IDisposable
{
    public IPublishPeer Publish(string streamId) => new SipSorceryPeer(null, time);

    public IPeer Watch(string streamId, IWatchSink sink) => new SipSorceryPeer(sink, time);

    public void Dispose() => _ = (tcpOnly, reorderWait, log);
}

/// <summary>One connection in either direction: it publishes when it has no sink.</summary>
internal sealed class SipSorceryPeer : IPublishPeer
{
    private readonly RTCPeerConnection _connection = new(null);
    private readonly IWatchSink? _sink;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PeerEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _lastVideo;
    private TimeSpan? _lastAudio;
    private long _packets;

    public SipSorceryPeer(IWatchSink? sink, TimeProvider time)
    {
        _sink = sink;
        MediaStreamStatusEnum direction = sink is null ? MediaStreamStatusEnum.SendOnly : MediaStreamStatusEnum.RecvOnly;
        _connection.addTrack(new MediaStreamTrack(new AudioFormat(111, "opus", 48000, 2, "minptime=10;useinbandfec=1"), direction));
        _connection.addTrack(new MediaStreamTrack(new PackageVideoFormat(VideoCodecsEnum.H264, 102, 90000, "packetization-mode=1;profile-level-id=42e01f"), direction));
        _connection.onconnectionstatechange += OnState;
        if (sink is not null)
        {
            _connection.OnVideoFrameReceived += (IPEndPoint _, uint _, byte[] annexB, PackageVideoFormat _) =>
                sink.OnFrame(new MediaFrame(TrackKind.Video, time.GetElapsedTime(0), AccessUnit.IsKey(annexB), AccessUnit.LengthPrefixed(annexB)));
            _connection.OnRtpPacketReceived += (IPEndPoint _, SDPMediaTypesEnum kind, RTPPacket packet) =>
            {
                _packets++;
                if (kind == SDPMediaTypesEnum.audio)
                {
                    sink.OnFrame(new MediaFrame(TrackKind.Audio, time.GetElapsedTime(0), true, packet.Payload));
                }
            };
        }

        RTCSessionDescriptionInit offer = _connection.createOffer(null);
        _connection.setLocalDescription(offer).Wait();
        Offer = offer.sdp;
    }

    public string Offer { get; }

    public Task Connected => _connected.Task;

    public Task<PeerEnd> Ended => _ended.Task;

    public PeerStatistics Statistics => new(_connection.connectionState == RTCPeerConnectionState.connected, false, null, _packets, 0, 0, 0);

    public string? Start(string answer)
    {
        SetDescriptionResultEnum result = _connection.setRemoteDescription(new RTCSessionDescriptionInit { type = RTCSdpType.answer, sdp = answer });
        _sink?.OnFormat(VideoFormat.H264, hasAudio: true);
        return result == SetDescriptionResultEnum.OK ? null : result.ToString();
    }

    public void OnFrame(MediaFrame frame)
    {
        if (frame.Track == TrackKind.Video)
        {
            _connection.SendVideo(Units(frame.At - (_lastVideo ?? frame.At), 90_000), frame.Data.ToArray());
            _lastVideo = frame.At;
        }
        else
        {
            _connection.SendAudio(Units(frame.At - (_lastAudio ?? frame.At), 48_000), frame.Data.ToArray());
            _lastAudio = frame.At;
        }
    }

    public ValueTask DisposeAsync()
    {
        _connection.close();
        _ended.TrySetResult(PeerEnd.Closed);
        return ValueTask.CompletedTask;
    }

    private static uint Units(TimeSpan time, int rate) => (uint)(time.TotalSeconds * rate);

    private void OnState(RTCPeerConnectionState state)
    {
        if (state == RTCPeerConnectionState.connected)
        {
            _connected.TrySetResult();
        }
        else if (state is RTCPeerConnectionState.failed or RTCPeerConnectionState.closed)
        {
            _ended.TrySetResult(state == RTCPeerConnectionState.failed ? PeerEnd.Lost : PeerEnd.ClosedByHub);
        }
    }
}
#endif
