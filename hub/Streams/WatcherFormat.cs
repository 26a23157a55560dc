using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>From what was negotiated with a watcher to what the forwarding core writes.</summary>
internal static class WatcherFormat
{
    public static SubscriptionFormat From(WhepAnswer answer, string cname) => new(
        Track(answer.Audio), Track(answer.Video), answer.Audio?.Target.Extensions ?? default, answer.Video?.Target.Extensions ?? default, cname);

    private static OutgoingFormat? Track(TrackMapping? mapping)
    {
        if (mapping?.Target is not { } target)
        {
            return null;
        }

        CodecDescription codec = target.Codec;
        return new OutgoingFormat(
            target.Ssrc!.Value.Value, codec.PayloadType, codec.ClockRate, target.RtxSsrc?.Value ?? 0, codec.RtxPayloadType ?? 0,
            codec.Feedback.HasFlag(RtcpFeedback.Nack), codec.Kind == CodecKind.Vp8);
    }
}
