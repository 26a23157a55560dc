namespace ThreeClassrooms.Media.Sdp;

/// <summary>How a publisher's track becomes a watcher's: numbers on the left side and on the right side.</summary>
/// <param name="Source">As the publisher sends it.</param>
/// <param name="Target">As the watcher expects it; <see cref="TrackDescription.Ssrc"/> is set, and RtxSsrc when rtx was agreed.</param>
public sealed record TrackMapping(TrackDescription Source, TrackDescription Target)
{
    /// <summary>
    /// The watcher's payload type for a publisher's. Null for one that is not forwarded as it is: the publisher's rtx (the hub makes its own),
    /// and red when the watcher has none (its primary block can be forwarded as Opus instead).
    /// </summary>
    public byte? MapPayloadType(byte source) =>
        source == Source.Codec.PayloadType ? Target.Codec.PayloadType :
        source == Source.Codec.RedPayloadType ? Target.Codec.RedPayloadType : null;
}
