namespace ThreeClassrooms.Media.Rtp;

/// <summary>
/// The local identifiers (1 to 255) that one side of a connection agreed for the header extensions this library knows (RFC 8285 §5); 0: not agreed.
/// </summary>
/// <param name="Mid">Which m-line a packet belongs to (RFC 8843 §15).</param>
/// <param name="Rid">Which simulcast layer (RFC 8852).</param>
/// <param name="RepairedRid">Which simulcast layer a retransmission repairs (RFC 8852).</param>
/// <param name="TransportCc">Transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01).</param>
/// <param name="AudioLevel">Client-to-mixer audio level (RFC 6464).</param>
/// <param name="AbsSendTime">Absolute send time, 24 bits.</param>
public readonly record struct RtpExtensionIds(byte Mid, byte Rid, byte RepairedRid, byte TransportCc, byte AudioLevel, byte AbsSendTime)
{
    public const string MidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
    public const string RidUri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    public const string RepairedRidUri = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    public const string TransportCcUri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    public const string AudioLevelUri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    public const string AbsSendTimeUri = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

    /// <summary>True when an identifier does not fit the one-byte form (1 to 14).</summary>
    public bool NeedsTwoByteForm => Math.Max(Math.Max(Math.Max(Mid, Rid), Math.Max(RepairedRid, TransportCc)), Math.Max(AudioLevel, AbsSendTime)) > 14;

    /// <summary>This set with <paramref name="id"/> for <paramref name="uri"/>; unchanged for an URI the library does not know.</summary>
    public RtpExtensionIds With(string uri, byte id) => uri switch
    {
        MidUri => this with { Mid = id },
        RidUri => this with { Rid = id },
        RepairedRidUri => this with { RepairedRid = id },
        TransportCcUri => this with { TransportCc = id },
        AudioLevelUri => this with { AudioLevel = id },
        AbsSendTimeUri => this with { AbsSendTime = id },
        _ => this,
    };

    /// <summary>The agreed extensions in a fixed order, as (identifier, URI).</summary>
    public IEnumerable<(byte Id, string Uri)> Agreed()
    {
        (byte Id, string Uri)[] all =
        [
            (AudioLevel, AudioLevelUri), (AbsSendTime, AbsSendTimeUri), (TransportCc, TransportCcUri),
            (Mid, MidUri), (Rid, RidUri), (RepairedRid, RepairedRidUri),
        ];
        return all.Where(e => e.Id != 0);
    }
}
