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
    // Two tracks, three simulcast layers and their retransmissions need eight; a sender that keeps inventing sources gets no more.
    private const int MaxSources = 16;

    private readonly List<PublishedTrack> _tracks = [];
    private readonly Dictionary<uint, Route> _routes = [];
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

    private readonly record struct Route(PublishedTrack Track, bool IsRtx);

    public StreamDescription Description { get; }

    public PublishedTrack? Audio { get; }

    /// <summary>The picture's layers in the publisher's order: one without simulcast, none for sound only.</summary>
    public IReadOnlyList<PublishedTrack> Layers { get; } = [];

    public IReadOnlyList<PublishedTrack> Tracks => _tracks;

    /// <summary>Packets that fitted no track or could not be read.</summary>
    public long Unroutable { get; private set; }

    /// <summary>Takes a decrypted RTP packet.</summary>
    /// <param name="wire">Not kept; its payload is copied into the track's history.</param>
    /// <returns>The track whose history has grown; null when the packet was of no use.</returns>
    public PublishedTrack? OnRtp(ReadOnlySpan<byte> wire, MonoTime arrived)
    {
        if (RtpHeader.TryRead(wire, out RtpHeader header) != RtpError.None || !TryRoute(wire, header, out Route route))
        {
            Unroutable++;
            return null;
        }

        RtpExtensionIds ids = route.Track.IsVideo ? _video!.Extensions : _audio!.Extensions;
        byte level = StoredPacket.NoLevel;
        foreach (RtpExtensions.Element element in new RtpExtensions(wire, header))
        {
            if (element.Id == ids.TransportCc && element.Value.Length >= 2)
            {
                OnTransportSequence(BinaryPrimitives.ReadUInt16BigEndian(element.Value), arrived);
            }
            else if (element.Id == ids.AudioLevel && element.Value.Length >= 1 && !route.Track.IsVideo)
            {
                level = element.Value[0];
            }
        }

        return Deliver(route, header, header.Payload(wire), level, arrived) ? route.Track : null;
    }

    private static bool Deliver(in Route route, in RtpHeader header, ReadOnlySpan<byte> payload, byte level, MonoTime arrived)
    {
        PublishedTrack track = route.Track;
        SeqNo sequence = header.Sequence;
        if (route.IsRtx)
        {
            if (!RtxPayload.TryRead(payload, out sequence, out payload))
            {
                return false; // a probe
            }
        }

        if (header.PayloadType == track.Codec.RedPayloadType && !RedPayload.TryReadPrimary(payload, out _, out payload))
        {
            return false;
        }

        bool key = track.IsVideo && payload.Length > 0 && KeyFrames.StartsIn(track.Codec.Kind, payload);
        return track.OnPacket(sequence, header.Timestamp, header.Marker, level, payload, key, route.IsRtx, arrived);
    }

    private bool TryRoute(ReadOnlySpan<byte> wire, in RtpHeader header, out Route route)
    {
        if (_routes.TryGetValue(header.Ssrc.Value, out route))
        {
            return IsExpected(route, header.PayloadType);
        }

        if (_routes.Count >= MaxSources || !TryDiscover(wire, header, out route) || !IsExpected(route, header.PayloadType))
        {
            return false;
        }

        _routes[header.Ssrc.Value] = route;
        if (route.IsRtx)
        {
            route.Track.RtxSsrc = header.Ssrc;
        }
        else
        {
            route.Track.Name(header.Ssrc);
        }

        return true;
    }

    private static bool IsExpected(in Route route, byte payloadType)
    {
        CodecDescription codec = route.Track.Codec;
        return route.IsRtx ? payloadType == codec.RtxPayloadType : payloadType == codec.PayloadType || payloadType == codec.RedPayloadType;
    }

    /// <summary>Where a source that was not heard before belongs.</summary>
    private bool TryDiscover(ReadOnlySpan<byte> wire, in RtpHeader header, out Route route)
    {
        route = default;
        byte payloadType = header.PayloadType;
        if (Audio is { } audio && (payloadType == audio.Codec.PayloadType || payloadType == audio.Codec.RedPayloadType))
        {
            route = new Route(audio, false);
            return true;
        }

        if (_video is null || _video.FindCodec(payloadType) is not { } codec)
        {
            return false;
        }

        bool rtx = payloadType == codec.RtxPayloadType;
        if (_video.Rids.Count == 0)
        {
            route = new Route(Layers[0], rtx);
            return true;
        }

        var extensions = new RtpExtensions(wire, header);
        byte id = rtx ? _video.Extensions.RepairedRid : _video.Extensions.Rid;
        if (!extensions.TryFind(id, out ReadOnlySpan<byte> rid))
        {
            return false;
        }

        foreach (PublishedTrack layer in Layers)
        {
            if (rid.Length <= 16 && Encoding.ASCII.GetString(rid) == layer.Rid)
            {
                route = new Route(layer, rtx);
                return true;
            }
        }

        return false;
    }

    private PublishedTrack Add(TrackDescription description, string? rid)
    {
        var track = new PublishedTrack(this, description, description.Codec, rid);
        _tracks.Add(track);
        return track;
    }
}
