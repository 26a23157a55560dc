using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Tests.Rtp;

public sealed class RtpExtensionTests
{
    [Fact]
    public void OneByteForm_AsInTheDiagram_IsReadWithPaddingBetween()
    {
        // RFC 8285 §4.2, figure: element of 1 byte, element of 2 bytes, two bytes of padding, element of 4 bytes.
        byte[] wire = Packet("BEDE0003" + "10AA" + "21BBCC" + "0000" + "33DDDDDDDD");
        Assert.Equal(["1:AA", "2:BBCC", "3:DDDDDDDD"], Elements(wire));
    }

    [Fact]
    public void TwoByteForm_AsInTheDiagram_IsReadWithEmptyAndLongValues()
    {
        // RFC 8285 §4.3, figure: element of 0 bytes, element of 1 byte, padding, element of 4 bytes.
        byte[] wire = Packet("10000003" + "0100" + "0201BB" + "00" + "0304DDDDDDDD");
        Assert.Equal(["1:", "2:BB", "3:DDDDDDDD"], Elements(wire));
    }

    [Theory]
    [InlineData("BEDE0001" + "10AAF000")] // identifier 15 ends the list
    [InlineData("BEDE0001" + "10AA2300")] // the second element is cut short
    public void Rest_ThatCannotBeRead_EndsTheList(string extension) => Assert.Equal(["1:AA"], Elements(Packet(extension)));

    [Fact]
    public void UnknownProfile_HasNoElements() => Assert.Empty(Elements(Packet("ABCD000110AA0000")));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WrittenElements_ReadBack(bool twoByte)
    {
        byte[] wire = new byte[64];
        RtpHeader.Write(wire, 96, false, new SeqNo(1), new RtpTime(2), new Ssrc(3));
        var writer = new RtpExtensionWriter(wire.AsSpan(12), twoByte);
        Assert.True(writer.Add(4, "0"u8));
        Assert.True(writer.Reserve(3, 2, out int at));
        Assert.Equal(twoByte, writer.Add(200, [1, 2]));
        int length = writer.Finish();
        RtpPatch.HasExtension(wire, true);
        wire[12 + at] = 0xEE;
        Assert.Equal(RtpError.None, RtpHeader.TryRead(wire.AsSpan(0, 12 + length), out RtpHeader header));
        Assert.Equal(12 + length, header.HeaderLength);
        Assert.Equal(twoByte ? ["4:30", "3:EE00", "200:0102"] : ["4:30", "3:EE00"], Elements(wire[..(12 + length)]));
    }

    [Fact]
    public void FullWriter_RefusesAndKeepsWhatItHas()
    {
        byte[] output = new byte[8];
        var writer = new RtpExtensionWriter(output, twoByte: false);
        Assert.True(writer.Add(1, [1, 2, 3]));
        Assert.False(writer.Add(2, [1]));
        Assert.Equal(8, writer.Finish());
    }

    [Fact]
    public void NothingAdded_NeedsNoExtension() => Assert.Equal(0, new RtpExtensionWriter(new byte[8], false).Finish());

    [Fact]
    public void AbsSendTime_Is6Dot18Seconds_AndWrapsAt64()
    {
        Assert.Equal(1u << 18, AbsSendTime.From(new(1_000_000_000)).Value);
        Assert.Equal(1u << 17, AbsSendTime.From(new(64_500_000_000)).Value);
        byte[] three = new byte[3];
        new AbsSendTime(0x123456).Write(three);
        Assert.True(AbsSendTime.TryRead(three, out AbsSendTime time));
        Assert.Equal(0x123456u, time.Value);
    }

    private static byte[] Packet(string extension) => Convert.FromHexString("906000010000000000000001" + extension);

    private static List<string> Elements(byte[] wire)
    {
        Assert.Equal(RtpError.None, RtpHeader.TryRead(wire, out RtpHeader header));
        var list = new List<string>();
        foreach (RtpExtensions.Element element in new RtpExtensions(wire, header))
        {
            list.Add($"{element.Id}:{Convert.ToHexString(element.Value)}");
        }

        return list;
    }
}
