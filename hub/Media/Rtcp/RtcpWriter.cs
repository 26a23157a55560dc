using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>
/// Appends RTCP packets to one datagram. Each Add… writes a whole packet and returns true, or returns false and writes nothing when the room is
/// too small. A compound datagram begins with a report (RFC 3550 §6.1); with "rtcp-rsize" agreed any packet may stand alone (RFC 5506).
/// </summary>
/// <param name="output">The datagram's buffer; written from the start.</param>
public ref struct RtcpWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;

    /// <summary>Bytes written so far, a multiple of 4.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _output[..Length];

    /// <param name="reports">At most 31.</param>
    public bool AddSenderReport(in SenderReport report, scoped ReadOnlySpan<ReportBlock> reports = default)
    {
        if (!Begin(RtcpType.SenderReport, reports.Length, SenderReport.BodyLength + (reports.Length * ReportBlock.Length), out Span<byte> body))
        {
            return false;
        }

        report.Write(body);
        WriteBlocks(body[SenderReport.BodyLength..], reports);
        return true;
    }

    /// <param name="reports">At most 31; may be empty.</param>
    public bool AddReceiverReport(Ssrc sender, scoped ReadOnlySpan<ReportBlock> reports = default)
    {
        if (!Begin(RtcpType.ReceiverReport, reports.Length, 4 + (reports.Length * ReportBlock.Length), out Span<byte> body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, sender.Value);
        WriteBlocks(body[4..], reports);
        return true;
    }

    /// <summary>One chunk with a CNAME of at most 255 UTF-8 bytes.</summary>
    public bool AddCname(Ssrc source, string cname)
    {
        int text = System.Text.Encoding.UTF8.GetByteCount(cname);
        if (text > 255 || !Begin(RtcpType.SourceDescription, 1, (6 + text + 4) & ~3, out Span<byte> body))
        {
            return false;
        }

        SourceDescription.Write(body, source, cname);
        return true;
    }

    public bool AddBye(Ssrc source)
    {
        if (!Begin(RtcpType.Bye, 1, 4, out Span<byte> body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, source.Value);
        return true;
    }

    /// <summary>A generic NACK for the given numbers, packed into identifiers and masks.</summary>
    /// <param name="lost">Ascending (wrap-aware), without repetition; empty writes nothing and succeeds.</param>
    public bool AddNack(Ssrc sender, Ssrc media, scoped ReadOnlySpan<SeqNo> lost)
    {
        int items = CountNackItems(lost);
        if (items == 0)
        {
            return true;
        }

        if (!Begin(RtcpType.TransportFeedback, RtcpFormat.Nack, 8 + (items * 4), out Span<byte> body))
        {
            return false;
        }

        WriteSources(body, sender, media);
        int at = 8;
        for (int i = 0; i < lost.Length; at += 4)
        {
            SeqNo first = lost[i++];
            int mask = 0;
            for (int step; i < lost.Length && (step = lost[i].DistanceFrom(first)) is > 0 and <= 16; i++)
            {
                mask |= 1 << (step - 1);
            }

            BinaryPrimitives.WriteUInt16BigEndian(body[at..], first.Value);
            BinaryPrimitives.WriteUInt16BigEndian(body[(at + 2)..], (ushort)mask);
        }

        return true;
    }

    public bool AddPli(Ssrc sender, Ssrc media)
    {
        if (!Begin(RtcpType.PayloadFeedback, RtcpFormat.Pli, 8, out Span<byte> body))
        {
            return false;
        }

        WriteSources(body, sender, media);
        return true;
    }

    /// <param name="number">One more than the last request's (wrapping); the same when repeating it.</param>
    public bool AddFir(Ssrc sender, Ssrc media, byte number)
    {
        if (!Begin(RtcpType.PayloadFeedback, RtcpFormat.Fir, 16, out Span<byte> body))
        {
            return false;
        }

        WriteSources(body, sender, default);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], media.Value);
        body[12..16].Clear();
        body[12] = number;
        return true;
    }

    /// <param name="sources">The streams the estimate is for; at most 255.</param>
    public bool AddRemb(Ssrc sender, Remb estimate, scoped ReadOnlySpan<Ssrc> sources)
    {
        if (sources.Length > 255 || !Begin(RtcpType.PayloadFeedback, RtcpFormat.App, 16 + (sources.Length * 4), out Span<byte> body))
        {
            return false;
        }

        WriteSources(body, sender, default);
        estimate.Write(body[8..], sources.Length);
        for (int i = 0; i < sources.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(body[(16 + (i * 4))..], sources[i].Value);
        }

        return true;
    }

    /// <summary>Reserves a packet of <paramref name="bodyLength"/> bytes, a multiple of 4, behind those written.</summary>
    internal bool Begin(RtcpType type, int count, int bodyLength, out Span<byte> body)
    {
        body = default;
        if (count > 31 || Length + RtcpPacket.HeaderLength + bodyLength > _output.Length)
        {
            return false;
        }

        Span<byte> packet = _output.Slice(Length, RtcpPacket.HeaderLength + bodyLength);
        packet[0] = (byte)(0x80 | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(bodyLength / 4));
        body = packet[RtcpPacket.HeaderLength..];
        Length += packet.Length;
        return true;
    }

    internal static void WriteSources(Span<byte> body, Ssrc sender, Ssrc media)
    {
        BinaryPrimitives.WriteUInt32BigEndian(body, sender.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], media.Value);
    }

    private static void WriteBlocks(Span<byte> output, scoped ReadOnlySpan<ReportBlock> reports)
    {
        for (int i = 0; i < reports.Length; i++)
        {
            reports[i].Write(output[(i * ReportBlock.Length)..]);
        }
    }

    private static int CountNackItems(scoped ReadOnlySpan<SeqNo> lost)
    {
        int items = 0;
        for (int i = 0; i < lost.Length; items++)
        {
            SeqNo first = lost[i++];
            while (i < lost.Length && lost[i].DistanceFrom(first) is > 0 and <= 16)
            {
                i++;
            }
        }

        return items;
    }
}
