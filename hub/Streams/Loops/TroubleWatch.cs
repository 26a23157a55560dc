using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>Looks once a second whether a published stream can be seen and heard. Pure; belongs to the loop.</summary>
/// <param name="up">When the publisher's transport came up.</param>
internal sealed class TroubleWatch(MonoTime up)
{
    /// <summary>Packets that cannot be decrypted, and no other: a guess at the rollover has had its chance by then.</summary>
    private static readonly TimeSpan NotAuthenticAfter = TimeSpan.FromSeconds(2);

    // A screen that stands still is sent anew every second or so; an encoder asked for a key frame answers within two or three.
    private static readonly TimeSpan NothingAfter = TimeSpan.FromSeconds(10);

    private long _refusedBefore;
    private long _receivedBefore;
    private long _unusableBefore;
    private MonoTime? _lastMedia;
    private bool _seenKey;

    /// <summary>As of the last second.</summary>
    public StreamTrouble? Trouble { get; private set; }

    /// <returns>True when <see cref="Trouble"/> has changed.</returns>
    public bool OnSecond(PublishedStream stream, PeerDrops drops, MonoTime? lastMedia, MonoTime now)
    {
        StreamTrouble? before = Trouble;
        long refused = drops[DropReason.Unauthenticated] + drops[DropReason.TooManySources] + drops[DropReason.Replayed];
        bool refuses = refused > _refusedBefore;
        _refusedBefore = refused;
        _lastMedia = lastMedia ?? _lastMedia;
        TimeSpan silent = now - (_lastMedia ?? up);
        Trouble = silent >= NotAuthenticAfter && refuses ? StreamTrouble.NotAuthentic
            : silent >= NothingAfter ? StreamTrouble.NothingComes
            : Trouble is StreamTrouble.NotAuthentic && silent >= NotAuthenticAfter ? Trouble
            : OfPackets(stream) ?? OfPicture(stream, now);
        return Trouble != before;
    }

    private StreamTrouble? OfPackets(PublishedStream stream)
    {
        long received = 0;
        foreach (PublishedTrack track in stream.Tracks)
        {
            received += track.PacketsReceived;
        }

        MediaDrops drops = stream.Drops;
        long unusable = drops[MediaDrop.Unreadable] + drops[MediaDrop.UnknownType] + drops[MediaDrop.UnknownLayer] + drops[MediaDrop.TooLarge];
        (long bad, long good) = (unusable - _unusableBefore, received - _receivedBefore);
        (_unusableBefore, _receivedBefore) = (unusable, received);
        return bad > 5 && bad * 5 > good ? StreamTrouble.PacketsUnusable : null;
    }

    private StreamTrouble? OfPicture(PublishedStream stream, MonoTime now)
    {
        if (stream.Layers.Count == 0 || now - up < NothingAfter)
        {
            return null;
        }

        bool pictures = false, decodable = false;
        foreach (PublishedTrack layer in stream.Layers)
        {
            pictures |= layer.PacketsReceived > 0;
            _seenKey |= layer.History.KeyFrameArrival is not null;
            decodable |= layer.Codec.Kind != CodecKind.H264 || layer.Sets is { IsComplete: true };
        }

        return !pictures ? StreamTrouble.NoPicture : !_seenKey ? StreamTrouble.NoKeyFrame : !decodable ? StreamTrouble.NoParameterSets : null;
    }
}
