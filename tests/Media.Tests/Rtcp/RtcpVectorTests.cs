using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Tests.Rtcp;

/// <summary>Packets encoded by hand from the diagrams of the RFCs; each is read field by field, then written to the same bytes.</summary>
public sealed class RtcpVectorTests
{
    [Fact]
    public void SenderReport_OfRfc3550()
    {
        // §6.4.1: V=2 RC=1 PT=200 length=12; SSRC, NTP (2 words), RTP time, packets, bytes; block: SSRC, lost 0x40 / −2, highest, jitter, LSR, DLSR.
        byte[] wire = Hex("81C8000C" + "00000001" + "EC0102030405060700112233" + "0000000A" + "000003E8"
            + "00000002" + "40FFFFFE" + "00010005" + "00000021" + "02030405" + "00010000");
        RtcpPacket packet = Only(wire);
        Assert.True(SenderReport.TryRead(packet, out SenderReport report));
        Assert.Equal(new SenderReport(new Ssrc(1), new NtpTime(0xEC01020304050607), new RtpTime(0x00112233), 10, 1000), report);
        var blocks = new List<ReportBlock>();
        foreach (ReportBlock block in packet.Reports)
        {
            blocks.Add(block);
        }

        ReportBlock one = Assert.Single(blocks);
        Assert.Equal(new ReportBlock(new Ssrc(2), 0x40, -2, 0x10005, 0x21, 0x02030405, 0x10000), one);
        Assert.Equal(0.25, one.LossRatio);
        Assert.Equal(wire, Write((ref RtcpWriter w) => w.AddSenderReport(report, [one])));
    }

    [Fact]
    public void ReceiverReport_WithoutBlocks() =>
        Assert.Equal(Hex("80C9000100000009"), Write((ref RtcpWriter w) => w.AddReceiverReport(new Ssrc(9))));

    [Fact]
    public void SourceDescription_EndsWithZerosToAWord()
    {
        // §6.5: one chunk, CNAME (1) of 4 bytes; 4+2+4 = 10 bytes, padded to 12.
        byte[] wire = Hex("81CA0003" + "00000005" + "0104" + "61406263" + "0000");
        Assert.True(SourceDescription.TryReadCname(Only(wire), out Ssrc source, out ReadOnlySpan<byte> cname));
        Assert.Equal(new Ssrc(5), source);
        Assert.Equal("a@bc"u8.ToArray(), cname.ToArray());
        Assert.Equal(wire, Write((ref RtcpWriter w) => w.AddCname(new Ssrc(5), "a@bc")));
    }

    [Fact]
    public void SourceDescription_ThatFillsAWord_GetsAWholeWordOfZeros() =>
        Assert.Equal(Hex("81CA0003" + "00000005" + "0102" + "6162" + "00000000"), Write((ref RtcpWriter w) => w.AddCname(new Ssrc(5), "ab")));

    [Fact]
    public void Goodbye()
    {
        byte[] wire = Hex("81CB0001" + "0000002A");
        Assert.True(Only(wire).SaysGoodbyeOf(new Ssrc(42)));
        Assert.False(Only(wire).SaysGoodbyeOf(new Ssrc(43)));
        Assert.Equal(wire, Write((ref RtcpWriter w) => w.AddBye(new Ssrc(42))));
    }

    [Fact]
    public void GenericNack_OfRfc4585()
    {
        // §6.2.1: PID 0xFFFE with BLP bits 0 and 15 (the numbers 1 and 16 later), then PID 0x0100 alone.
        byte[] wire = Hex("81CD0004" + "00000001" + "00000002" + "FFFE8001" + "01000000");
        var lost = new List<SeqNo>();
        foreach (SeqNo one in Only(wire).Nacks)
        {
            lost.Add(one);
        }

        Assert.Equal([0xFFFE, 0xFFFF, 14, 256], lost.Select(s => (int)s.Value));
        Assert.Equal(wire, Write((ref RtcpWriter w) => w.AddNack(new Ssrc(1), new Ssrc(2), [.. lost])));
    }

    [Fact]
    public void PictureLoss_OfRfc4585()
    {
        byte[] wire = Hex("81CE0002" + "00000001" + "00000002");
        Assert.True(Only(wire).AsksKeyFrameOf(new Ssrc(2)));
        Assert.False(Only(wire).AsksKeyFrameOf(new Ssrc(1)));
        Assert.Equal(wire, Write((ref RtcpWriter w) => w.AddPli(new Ssrc(1), new Ssrc(2))));
    }

    [Fact]
    public void FullIntraRequest_OfRfc5104()
    {
        byte[] wire = Hex("84CE0004" + "00000001" + "00000000" + "00000002" + "07000000");
        Assert.True(FirEntry.TryReadFirst(Only(wire), out FirEntry entry));
        Assert.Equal(new FirEntry(new Ssrc(2), 7), entry);
        Assert.True(Only(wire).AsksKeyFrameOf(new Ssrc(2)));
        Assert.Equal(wire, Write((ref RtcpWriter w) => w.AddFir(new Ssrc(1), new Ssrc(2), 7)));
    }

    [Fact]
    public void Remb_OfTheDraft()
    {
        // §2.2: "REMB", one source, exponent 3, mantissa 0x20000: 131072 × 8 = 1048576 bit/s.
        byte[] wire = Hex("8FCE0005" + "00000001" + "00000000" + "52454D42" + "010E0000" + "00000002");
        Assert.True(Remb.TryRead(Only(wire), out Remb remb));
        Assert.Equal(1_048_576ul, remb.BitsPerSecond);
        Assert.Equal(wire, Write((ref RtcpWriter w) => w.AddRemb(new Ssrc(1), remb, [new Ssrc(2)])));
    }

    [Fact]
    public void TransportFeedback_OfTheDraft()
    {
        // §3.1: base 5, 7 statuses, reference 2 (128 ms), count 9; a two-bit vector: small, lost, lost, large (negative), small; then a run of 2 lost.
        // 11 01 00 00 10 01 00 00 -> 1 1 | 01 00 00 10 01 00 00 = 0xD090
        byte[] wire = Hex("8FCD0006" + "00000001" + "00000002" + "0005" + "0007" + "00000209" + "D090" + "04" + "FFFE" + "08" + "0000");
        wire = wire[..28];
        wire[3] = 6;
        Assert.True(TransportFeedback.TryRead(Only(wire), out TransportFeedback feedback));
        Assert.Equal(9, feedback.Count);
        var seen = new List<(int, double?)>();
        foreach (PacketArrival arrival in feedback)
        {
            seen.Add((arrival.TransportSequence, arrival.Arrival?.TotalMilliseconds));
        }

        Assert.Equal([(5, 129.0), (6, null), (7, null), (8, 128.5), (9, 130.5), (10, null), (11, null)], seen);
    }

    [Fact]
    public void CompoundAndReducedSize_AreWalkedInOrder()
    {
        byte[] wire = Hex("80C9000100000009" + "81CE00020000000100000002" + "81CB00010000002A");
        var types = new List<RtcpType>();
        var reader = new RtcpReader(wire);
        while (reader.MoveNext())
        {
            types.Add(reader.Current.Type);
        }

        Assert.Equal([RtcpType.ReceiverReport, RtcpType.PayloadFeedback, RtcpType.Bye], types);
        Assert.Equal(RtcpError.None, reader.Error);
    }

    [Theory]
    [InlineData("80C9000100000009" + "8100", RtcpError.TooShort, 1)]
    [InlineData("80C9000100000009" + "41CE00020000000100000002", RtcpError.BadVersion, 1)]
    [InlineData("80C9000500000009", RtcpError.BadLength, 0)]
    [InlineData("A0C9000100000000", RtcpError.BadPadding, 0)]
    [InlineData("A0C9000100000005", RtcpError.BadPadding, 0)]
    public void MalformedRest_EndsTheWalk_AndKeepsWhatCameBefore(string hex, RtcpError error, int packets)
    {
        var reader = new RtcpReader(Hex(hex));
        int count = 0;
        while (reader.MoveNext())
        {
            count++;
        }

        Assert.Equal((error, packets), (reader.Error, count));
    }

    internal delegate bool WriteStep(ref RtcpWriter writer);

    internal static byte[] Write(WriteStep step)
    {
        byte[] datagram = new byte[1500];
        var writer = new RtcpWriter(datagram);
        Assert.True(step(ref writer));
        return writer.Written.ToArray();
    }

    internal static RtcpPacket Only(byte[] wire)
    {
        var reader = new RtcpReader(wire);
        Assert.True(reader.MoveNext());
        RtcpPacket packet = reader.Current;
        Assert.False(reader.MoveNext());
        Assert.Equal(RtcpError.None, reader.Error);
        return packet;
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);
}
