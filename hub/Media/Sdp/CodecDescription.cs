using System.Globalization;
using System.Text;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>The codecs that pass through the hub.</summary>
public enum CodecKind
{
    Opus,
    H264,
    Vp8,
}

/// <summary>Feedback that a receiver may send for a codec (RFC 4585 §4.2, RFC 5104 §7.1).</summary>
[Flags]
public enum RtcpFeedback
{
    None = 0,

    /// <summary>Generic NACK.</summary>
    Nack = 1,

    /// <summary>Picture loss indication.</summary>
    Pli = 2,

    /// <summary>Full intra request.</summary>
    Fir = 4,

    /// <summary>Transport-wide congestion control feedback.</summary>
    TransportCc = 8,

    /// <summary>Receiver estimated maximum bit rate.</summary>
    Remb = 16,
}

/// <summary>One codec under its payload type of one connection, with the payload types that serve it.</summary>
public sealed record CodecDescription(CodecKind Kind, byte PayloadType)
{
    /// <summary>The payload type of retransmissions (RFC 4588); null: none agreed.</summary>
    public byte? RtxPayloadType { get; init; }

    /// <summary>The payload type of redundant audio around Opus (RFC 2198); null: none agreed.</summary>
    public byte? RedPayloadType { get; init; }

    public RtcpFeedback Feedback { get; init; }

    /// <summary>H.264 only.</summary>
    public H264Profile Profile { get; init; } = H264Profile.ConstrainedBaseline;

    /// <summary>H.264 only: 0 (single NAL units) or 1 (STAP-A and FU-A too).</summary>
    public int PacketizationMode { get; init; } = 1;

    /// <summary>Opus only: the sender's sound is stereo, or the receiver wants it so.</summary>
    public bool Stereo { get; init; }

    /// <summary>Opus only: in-band forward error correction is of use to the receiver.</summary>
    public bool InbandFec { get; init; } = true;

    /// <summary>Hertz of the RTP timestamps.</summary>
    public int ClockRate => Kind == CodecKind.Opus ? 48000 : 90000;

    /// <summary>The encoding name as registered: "opus", "H264", "VP8".</summary>
    public string Name => Kind switch
    {
        CodecKind.Opus => "opus",
        CodecKind.H264 => "H264",
        CodecKind.Vp8 => "VP8",
    };

    /// <summary>The payload types in the order of an m-line.</summary>
    internal IEnumerable<byte> PayloadTypes()
    {
        yield return PayloadType;
        if (RedPayloadType is { } red)
        {
            yield return red;
        }

        if (RtxPayloadType is { } rtx)
        {
            yield return rtx;
        }
    }

    /// <summary>Appends rtpmap, fmtp and rtcp-fb lines.</summary>
    internal void AppendTo(StringBuilder text)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        text.Append(c, $"a=rtpmap:{PayloadType} {Name}/{ClockRate}{(Kind == CodecKind.Opus ? "/2" : "")}\r\n");
        if (Kind == CodecKind.Opus)
        {
            text.Append(c, $"a=fmtp:{PayloadType} minptime=10;useinbandfec={(InbandFec ? 1 : 0)}{(Stereo ? ";stereo=1;sprop-stereo=1" : "")}\r\n");
        }
        else if (Kind == CodecKind.H264)
        {
            text.Append(c, $"a=fmtp:{PayloadType} level-asymmetry-allowed=1;packetization-mode={PacketizationMode};profile-level-id={Profile}\r\n");
        }

        foreach ((RtcpFeedback flag, string name) in CodecReader.FeedbackNames)
        {
            if (Feedback.HasFlag(flag))
            {
                text.Append(c, $"a=rtcp-fb:{PayloadType} {name}\r\n");
            }
        }

        if (RedPayloadType is { } red)
        {
            text.Append(c, $"a=rtpmap:{red} red/48000/2\r\na=fmtp:{red} {PayloadType}/{PayloadType}\r\n");
        }

        if (RtxPayloadType is { } rtx)
        {
            text.Append(c, $"a=rtpmap:{rtx} rtx/{ClockRate}\r\na=fmtp:{rtx} apt={PayloadType}\r\n");
        }
    }
}
