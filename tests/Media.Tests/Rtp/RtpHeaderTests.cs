using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Tests.Rtp;

public sealed class RtpHeaderTests
{
    // RFC 3550 §5.1, encoded by hand: V=2 P=1 X=1 CC=2, M=1 PT=96, sequence 0x1234, timestamp 0x01020304, SSRC 0xCAFEBABE, two CSRCs,
    // extension 0xBEDE of one word (element 1 of one byte, 0x85), payload AA BB, three padding bytes.
    private static readonly byte[] Whole = Convert.FromHexString("B2E0123401020304CAFEBABE0000000100000002BEDE000110850000AABB000003");

    [Fact]
    public void WholePacket_IsReadFieldByField()
    {
        Assert.Equal(RtpError.None, RtpHeader.TryRead(Whole, out RtpHeader header));
        Assert.Equal(new SeqNo(0x1234), header.Sequence);
        Assert.Equal(new RtpTime(0x01020304), header.Timestamp);
        Assert.Equal(new Ssrc(0xCAFEBABE), header.Ssrc);
        Assert.Equal((96, true, 2), (header.PayloadType, header.Marker, header.SourceCount));
        Assert.Equal((28, 3, 2), (header.HeaderLength, header.PaddingLength, header.PayloadLength));
        Assert.Equal([0xAA, 0xBB], header.Payload(Whole).ToArray());
        Assert.True(new RtpExtensions(Whole, header).TryFind(1, out ReadOnlySpan<byte> level));
        Assert.True(AudioLevel.TryRead(level, out AudioLevel audio));
        Assert.Equal(new AudioLevel(true, 5), audio);
    }

    [Theory]
    [InlineData("80600001000000000000", RtpError.TooShort)]
    [InlineData("406000010000000000000001", RtpError.BadVersion)]
    [InlineData("816000010000000000000001", RtpError.BadSources)]
    [InlineData("906000010000000000000001BEDE", RtpError.BadExtension)]
    [InlineData("906000010000000000000001BEDE000100", RtpError.BadExtension)]
    [InlineData("A0600001000000000000000100", RtpError.BadPadding)]
    [InlineData("A0600001000000000000000102", RtpError.BadPadding)]
    public void MalformedPacket_IsRefused(string hex, RtpError expected) =>
        Assert.Equal(expected, RtpHeader.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void PurePadding_HasAnEmptyPayload()
    {
        Assert.Equal(RtpError.None, RtpHeader.TryRead(Convert.FromHexString("A0600001000000000000000101"), out RtpHeader header));
        Assert.Equal((0, 1), (header.PayloadLength, header.PaddingLength));
    }

    [Fact]
    public void WrittenHeader_ReadsBack() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Type, bool Marker, ushort Sequence)>(), ArbMap.Default.ArbFor<(uint Timestamp, uint Source)>(),
        (a, b) =>
        {
            byte[] wire = new byte[12];
            RtpHeader.Write(wire, a.Type, a.Marker, new SeqNo(a.Sequence), new RtpTime(b.Timestamp), new Ssrc(b.Source));
            return RtpHeader.TryRead(wire, out RtpHeader h) == RtpError.None
                && h.PayloadType == (a.Type & 0x7F) && h.Marker == a.Marker && h.Sequence.Value == a.Sequence
                && h.Timestamp.Value == b.Timestamp && h.Ssrc.Value == b.Source && h.HeaderLength == 12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyBytes_AreReadOrRefused_WithOffsetsInside() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            // Half of the trials look like RTP, so that they reach the inner checks.
            if (bytes.Length > 0 && bytes.Length % 2 == 0)
            {
                bytes[0] = (byte)(0x80 | (bytes[0] & 0x3F));
            }

            if (RtpHeader.TryRead(bytes, out RtpHeader h) != RtpError.None)
            {
                return true;
            }

            foreach (RtpExtensions.Element element in new RtpExtensions(bytes, h))
            {
                _ = element.Value.Length;
            }

            return h.HeaderLength + h.PayloadLength + h.PaddingLength == bytes.Length && h.PayloadLength >= 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(200));

    [Fact]
    public void PatchedFields_ReadBack_AndLeaveTheRest()
    {
        byte[] wire = [.. Whole];
        RtpPatch.Sequence(wire, new SeqNo(7));
        RtpPatch.Timestamp(wire, new RtpTime(8));
        RtpPatch.Source(wire, new Ssrc(9));
        RtpPatch.PayloadType(wire, 100);
        RtpPatch.Marker(wire, false);
        Assert.Equal(RtpError.None, RtpHeader.TryRead(wire, out RtpHeader header));
        Assert.Equal((7, 8u, 9u, 100, false), (header.Sequence.Value, header.Timestamp.Value, header.Ssrc.Value, header.PayloadType, header.Marker));
        Assert.Equal(Whole[12..], wire[12..]);
    }
}
