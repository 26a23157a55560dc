using System.Buffers.Binary;
using System.Text;
using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// What one publisher's connection brings: sorts its packets into tracks (by source, else by rid, mid or payload type), recovers
/// retransmissions, and writes the feedback that the publisher's encoder lives on. Belongs to the loop of its lesson; nothing is
/// allocated for a packet of a known source.
/// </summary>
public sealed partial class PublishedStream
{
    // Two tracks, three simulcast layers and their retransmissions need eight; of a sender that keeps inventing sources the silent ones give up their place.
    private const int MaxSources = 16;

    // A source that was replaced may take its track back when the new one has been silent for so long.
    private static readonly TimeSpan SourceSilence = TimeSpan.FromSeconds(1);

    private readonly List<PublishedTrack> _tracks = [];
    private readonly Dictionary<uint, Source> _sources = [];
    private readonly TrackDescription? _audio;
    private readonly TrackDescription? _video;
    private readonly uint _ownSsrc;
    private readonly bool _steeredByRemb;

    /// <param name="description">What was agreed with the publisher.</param>
    /// <param name="ownSsrc">The hub's source in reports to the publisher.</param>
    public PublishedStream(StreamDescription description, uint ownSsrc)
    {
        (Description, _ownSsrc) = (description, ownSsrc);
        (_audio, _video) = (description.Audio, description.Video);
        _steeredByRemb = _video is not null && _video.Codec.Feedback.HasFlag(RtcpFeedback.Remb);
        if (_audio is not null)
        {
            Audio = Add(_audio, null);
        }

        if (_video is not null)
        {
            Layers = _video.Rids.Count == 0 ? [Add(_video, null)] : [.. _video.Rids.Select(rid => Add(_video, rid))];
        }
    }

    public StreamDescription Description { get; }

    public PublishedTrack? Audio { get; }

    /// <summary>The picture's layers in the publisher's order: one without simulcast, none for sound only.</summary>
    public IReadOnlyList<PublishedTrack> Layers { get; } = [];

    public IReadOnlyList<PublishedTrack> Tracks => _tracks;

    /// <summary>Packets that went no further, by reason.</summary>
    public MediaDrops Drops { get; } = new();

    /// <summary>Takes a decrypted RTP packet.</summary>
    /// <param name="wire">Not kept; its payload is copied into the track's history.</param>
    /// <returns>The track whose history has grown; null when the packet was of no use.</returns>
    public PublishedTrack? OnRtp(ReadOnlySpan<byte> wire, MonoTime arrived)
    {
        if (RtpHeader.TryRead(wire, out RtpHeader header) != RtpError.None)
        {
            Drops.Count(MediaDrop.Unreadable);
            return null;
        }

        if (TryRoute(wire, header, arrived, out Source? source) is { } unroutable)
        {
            Drops.Count(unroutable);
            return null;
        }

        PublishedTrack track = source!.Track;
        RtpExtensionIds ids = track.IsVideo ? _video!.Extensions : _audio!.Extensions;
        byte level = StoredPacket.NoLevel;
        foreach (RtpExtensions.Element element in new RtpExtensions(wire, header))
        {
            if (element.Id == ids.TransportCc && element.Value.Length >= 2)
            {
                OnTransportSequence(BinaryPrimitives.ReadUInt16BigEndian(element.Value), arrived);
            }
            else if (element.Id == ids.AudioLevel && element.Value.Length >= 1 && !track.IsVideo)
            {
                level = element.Value[0];
            }
        }

        if (Deliver(source, header, header.Payload(wire), level, arrived) is { } useless)
        {
            Drops.Count(useless);
            return null;
        }

        return track;
    }

    private static MediaDrop? Deliver(Source source, in RtpHeader header, ReadOnlySpan<byte> payload, byte level, MonoTime arrived)
    {
        PublishedTrack track = source.Track;
        SeqNo sequence = header.Sequence;
        if (source.IsRtx && (track.Ssrc is null || !RtxPayload.TryRead(payload, out sequence, out payload)))
        {
            return MediaDrop.Probe;
        }

        if (header.PayloadType == track.Codec.RedPayloadType && !RedPayload.TryReadPrimary(payload, out _, out payload))
        {
            return MediaDrop.Unreadable;
        }

        bool key = track.IsVideo && payload.Length > 0 && KeyFrames.StartsIn(track.Codec.Kind, payload);
        return track.OnPacket(sequence, header.Timestamp, header.Marker, level, payload, key, source.IsRtx, arrived);
    }

    private MediaDrop? TryRoute(ReadOnlySpan<byte> wire, in RtpHeader header, MonoTime arrived, out Source? source)
    {
        bool known = _sources.TryGetValue(header.Ssrc.Value, out source);
        if (!known && TryDiscover(wire, header, out source) is { } undiscovered)
        {
            return undiscovered;
        }

        if (!source!.Expects(header.PayloadType))
        {
            return MediaDrop.UnknownType;
        }

        PublishedTrack track = source.Track;
        if (!known)
        {
            Admit(header.Ssrc, source);
        }
        else if (!source.IsRtx && track.Ssrc != header.Ssrc)
        {
            if (arrived - track.LastArrived < SourceSilence)
            {
                return MediaDrop.OldSource;
            }

            track.Name(header.Ssrc);
        }

        source.Heard = arrived;
        return null;
    }

    private void Admit(Ssrc ssrc, Source source)
    {
        if (_sources.Count >= MaxSources)
        {
            _sources.Remove(_sources.MinBy(s => s.Value.Heard.Nanoseconds).Key);
        }

        _sources[ssrc.Value] = source;
        if (source.IsRtx)
        {
            source.Track.RtxSsrc = ssrc;
        }
        else
        {
            source.Track.Name(ssrc);
        }
    }

    /// <summary>Where a source that was not heard before belongs.</summary>
    private MediaDrop? TryDiscover(ReadOnlySpan<byte> wire, in RtpHeader header, out Source? source)
    {
        source = null;
        byte payloadType = header.PayloadType;
        if (Audio is { } audio && (payloadType == audio.Codec.PayloadType || payloadType == audio.Codec.RedPayloadType))
        {
            source = new Source(audio, false);
            return null;
        }

        if (_video is null || _video.FindCodec(payloadType) is not { } codec)
        {
            return MediaDrop.UnknownType;
        }

        bool rtx = payloadType == codec.RtxPayloadType;
        if (_video.Rids.Count == 0)
        {
            source = new Source(Layers[0], rtx);
            return null;
        }

        var extensions = new RtpExtensions(wire, header);
        byte id = rtx ? _video.Extensions.RepairedRid : _video.Extensions.Rid;
        if (extensions.TryFind(id, out ReadOnlySpan<byte> rid) && rid.Length <= 16)
        {
            string name = Encoding.ASCII.GetString(rid);
            source = Layers.FirstOrDefault(l => l.Rid == name) is { } layer ? new Source(layer, rtx) : null;
        }

        return source is null ? MediaDrop.UnknownLayer : null;
    }

    private PublishedTrack Add(TrackDescription description, string? rid)
    {
        var track = new PublishedTrack(this, description, description.Codec, rid);
        _tracks.Add(track);
        return track;
    }

    /// <summary>One source of the publisher.</summary>
    private sealed class Source(PublishedTrack track, bool isRtx)
    {
        public PublishedTrack Track { get; } = track;

        public bool IsRtx { get; } = isRtx;

        public MonoTime Heard { get; set; }

        public bool Expects(byte payloadType) => IsRtx
            ? payloadType == Track.Codec.RtxPayloadType
            : payloadType == Track.Codec.PayloadType || payloadType == Track.Codec.RedPayloadType;
    }
}
