using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Sdp;

public enum MediaKind
{
    Audio,
    Video,
}

/// <summary>One accepted m-line of a connection: what is sent in it and under which numbers.</summary>
public sealed record TrackDescription
{
    public required MediaKind Kind { get; init; }

    /// <summary>Null when the description names none (a single m-line).</summary>
    public string? Mid { get; init; }

    /// <summary>The codecs that may arrive, best first; one in every answer this library writes.</summary>
    public required IReadOnlyList<CodecDescription> Codecs { get; init; }

    public CodecDescription Codec => Codecs[0];

    public RtpExtensionIds Extensions { get; init; }

    /// <summary>The primary source, when the description names it; simulcast layers are found by <see cref="Rids"/> instead.</summary>
    public Ssrc? Ssrc { get; init; }

    /// <summary>The source of retransmissions, when the description names it.</summary>
    public Ssrc? RtxSsrc { get; init; }

    public string? Cname { get; init; }

    /// <summary>Simulcast layers in the publisher's order (RFC 8853); empty without simulcast.</summary>
    public IReadOnlyList<string> Rids { get; init; } = [];

    /// <summary>The codec with this payload type as its own, its rtx or its red; null for none.</summary>
    public CodecDescription? FindCodec(byte payloadType) => Codecs.FirstOrDefault(
        c => c.PayloadType == payloadType || c.RtxPayloadType == payloadType || c.RedPayloadType == payloadType);
}

/// <summary>What a publisher sends: at least one track.</summary>
public sealed record StreamDescription(TrackDescription? Audio, TrackDescription? Video);
