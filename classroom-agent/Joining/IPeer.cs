using ThreeClassrooms.Agent.Capture;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Why a peer connection is over.</summary>
internal enum PeerEnd
{
    /// <summary>We closed it.</summary>
    Closed,

    /// <summary>The hub said goodbye: the stream or lesson is over, or somebody else took the stream over.</summary>
    ClosedByHub,

    /// <summary>No path to the hub, by UDP or TCP.</summary>
    NoPath,

    /// <summary>Encryption could not be agreed.</summary>
    Handshake,

    /// <summary>The path was there and is gone.</summary>
    Lost,

    /// <summary>Connected, but no media came for too long.</summary>
    Stalled,
}

/// <summary>What a peer connection knows of itself; counters since its start.</summary>
/// <param name="RoundTrip">Null: not measured yet.</param>
/// <param name="Lost">Packets that were missing after recovery (watching), or that the hub reported missing (publishing).</param>
/// <param name="Expected">Packets that the receiver should have had by its last count.</param>
/// <param name="Missing">Of <paramref name="Expected"/>, those that the line lost, before any recovery.</param>
internal sealed record PeerStatistics(
    bool Connected, bool OverTcp, TimeSpan? RoundTrip, long Packets, long Lost, long Recovered, long Bytes, long Expected = 0, long Missing = 0);

/// <summary>
/// One peer connection to the hub: publishes one stream or watches one. The seam behind which another WebRTC stack can serve
/// (<c>-p:PeerStack=SIPSorcery</c>). Offer once, start once, then it lives until <see cref="Ended"/>.
/// </summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>The SDP to post to the hub.</summary>
    string Offer { get; }

    /// <summary>Completes when media can flow.</summary>
    Task Connected { get; }

    Task<PeerEnd> Ended { get; }

    PeerStatistics Statistics { get; }

    /// <summary>Goes on with the hub's answer.</summary>
    /// <returns>Null, or why the answer cannot be used.</returns>
    string? Start(string answer);
}

/// <summary>Makes peers; the one place that knows which stack is built in.</summary>
internal interface IPeerFactory
{
    /// <summary>A peer that sends what is given to <see cref="IFrameSink.OnFrame"/>.</summary>
    IPublishPeer Publish(string streamId);

    /// <param name="sink">Gets the frames in order; each start of the picture is a key frame. Their time is the hub's timeline of both tracks.</param>
    IPeer Watch(string streamId, IWatchSink sink);
}

internal interface IPublishPeer : IPeer, IFrameSink;

internal enum VideoFormat
{
    H264,
    Vp8,
}

/// <summary>Takes what a watched stream delivers; called from the peer's thread, must return at once.</summary>
internal interface IWatchSink : IFrameSink
{
    /// <summary>
    /// A consumer waits for a key frame to begin with: the peer asks the hub for one (PLI), because a browser sends key frames only when asked.
    /// </summary>
    bool WantsKeyFrame { get; }

    /// <summary>Told once the answer is known, before the first frame.</summary>
    void OnFormat(VideoFormat video, bool hasAudio);
}
