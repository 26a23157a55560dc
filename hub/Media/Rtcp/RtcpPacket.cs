using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>
/// One packet of a compound datagram (RFC 3550 §6.1): its type and its body, in place. The readers on this type answer for the matching type only.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |V=2|P| count/FMT|      PT      |  length in 32-bit words less 1 |
/// </code>
/// </summary>
public readonly ref struct RtcpPacket
{
    public const int HeaderLength = 4;

    internal RtcpPacket(RtcpType type, byte count, ReadOnlySpan<byte> body)
    {
        Type = type;
        Count = count;
        Body = body;
    }

    public RtcpType Type { get; }

    /// <summary>Report or source count, or the feedback format; 0 to 31.</summary>
    public byte Count { get; }

    /// <summary>Everything behind the 4-byte header, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The source that sent the packet; 0 when the body is empty.</summary>
    public Ssrc Sender => Body.Length >= 4 ? new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(Body)) : default;

    /// <summary>The media source that feedback is about (RTPFB, PSFB); 0 when the body has none.</summary>
    public Ssrc Media => Body.Length >= 8 ? new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(Body[4..])) : default;

    public bool IsNack => Type == RtcpType.TransportFeedback && Count == RtcpFormat.Nack && Body.Length >= 12;

    public bool IsTransportCc => Type == RtcpType.TransportFeedback && Count == RtcpFormat.TransportCc && Body.Length >= 16;

    public bool IsPli => Type == RtcpType.PayloadFeedback && Count == RtcpFormat.Pli && Body.Length >= 8;

    public bool IsFir => Type == RtcpType.PayloadFeedback && Count == RtcpFormat.Fir && Body.Length >= 16;

    /// <summary>The lost packets of a generic NACK; empty when this is none.</summary>
    public NackList Nacks => new(IsNack ? Body[8..] : default);

    /// <summary>The reception report blocks of an SR or RR; empty for other types.</summary>
    public ReportBlockList Reports => Type switch
    {
        RtcpType.SenderReport when Body.Length >= SenderReport.BodyLength => new ReportBlockList(Body[SenderReport.BodyLength..], Count),
        RtcpType.ReceiverReport when Body.Length >= 4 => new ReportBlockList(Body[4..], Count),
        _ => default,
    };

    /// <summary>True when this is a PLI for <paramref name="source"/> or a FIR that names it.</summary>
    public bool AsksKeyFrameOf(Ssrc source)
    {
        if (IsPli)
        {
            return Media == source;
        }

        for (int at = 8; IsFir && at + 8 <= Body.Length; at += 8)
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(Body[at..]) == source.Value)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when this is a BYE that names <paramref name="source"/>.</summary>
    public bool SaysGoodbyeOf(Ssrc source)
    {
        for (int i = 0; Type == RtcpType.Bye && i < Count && (i * 4) + 4 <= Body.Length; i++)
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(Body[(i * 4)..]) == source.Value)
            {
                return true;
            }
        }

        return false;
    }
}
