using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Tests.Rtp;

public sealed class RtpRewriterTests
{
    private static readonly RtpExtensionIds Publisher = new() { Mid = 4, Rid = 10, TransportCc = 3, AudioLevel = 1, AbsSendTime = 2 };

    [Fact]
    public void ForwardedPacket_HasTheWatchersNumbers_AndNothingOfThePublisher()
    {
        var rewriter = new RtpRewriter(Publisher, new RtpExtensionIds { Mid = 7, TransportCc = 5, AudioLevel = 6 }, "video0");
        byte[] wire = PublisherPacket(), output = new byte[RtpRewriter.MaxHeaderLength];
        RtpHeader.TryRead(wire, out RtpHeader header);
        int length = rewriter.Write(wire, header, new RtpRewrite(100, true, new SeqNo(500), new RtpTime(600), new Ssrc(700)), output, out RtpLateFields late);
        output[late.TransportSequence] = 0xAB;

        Assert.Equal(RtpError.None, RtpHeader.TryRead(output.AsSpan(0, length), out RtpHeader written));
        Assert.Equal(length, written.HeaderLength);
        Assert.Equal((100, true, 500, 600u, 700u), (written.PayloadType, written.Marker, written.Sequence.Value, written.Timestamp.Value, written.Ssrc.Value));
        var extensions = new RtpExtensions(output, written);
        Assert.True(extensions.TryFind(7, out ReadOnlySpan<byte> mid));
        Assert.Equal("video0"u8.ToArray(), mid.ToArray());
        Assert.True(extensions.TryFind(5, out ReadOnlySpan<byte> transport));
        Assert.Equal([0xAB, 0], transport.ToArray());
        Assert.True(extensions.TryFind(6, out ReadOnlySpan<byte> level));
        Assert.Equal([0x85], level.ToArray());
        Assert.False(extensions.TryFind(10, out _));
        Assert.Equal(0, late.AbsSendTime);
    }

    [Fact]
    public void NothingAgreed_GivesTheFixedHeaderAlone()
    {
        byte[] wire = PublisherPacket(), output = new byte[RtpRewriter.MaxHeaderLength];
        RtpHeader.TryRead(wire, out RtpHeader header);
        int length = new RtpRewriter(Publisher, default, null).Write(wire, header, new RtpRewrite(1, false, default, default, default), output, out _);
        Assert.Equal(12, length);
        Assert.Equal(RtpError.None, RtpHeader.TryRead(output.AsSpan(0, 12), out RtpHeader written));
        Assert.False(written.HasExtension);
    }

    [Fact]
    public void HighIdentifiers_UseTheTwoByteForm_WithinTheBound()
    {
        var ids = new RtpExtensionIds { Mid = 20, TransportCc = 21, AudioLevel = 22, AbsSendTime = 23 };
        byte[] wire = PublisherPacket(), output = new byte[RtpRewriter.MaxHeaderLength];
        RtpHeader.TryRead(wire, out RtpHeader header);
        int length = new RtpRewriter(Publisher, ids, "0123456789abcdef").Write(wire, header, default, output, out RtpLateFields late);
        Assert.Equal(RtpError.None, RtpHeader.TryRead(output.AsSpan(0, length), out RtpHeader written));
        Assert.Equal(RtpExtensions.TwoByteProfile, written.ExtensionProfile);
        Assert.True(new RtpExtensions(output, written).TryFind(22, out _));
        Assert.True(late.AbsSendTime > 0 && late.TransportSequence > 0);
    }

    internal static byte[] PublisherPacket()
    {
        byte[] wire = new byte[200];
        RtpHeader.Write(wire, 96, false, new SeqNo(1), new RtpTime(2), new Ssrc(3));
        var writer = new RtpExtensionWriter(wire.AsSpan(12), twoByte: false);
        writer.Add(4, "1"u8);
        writer.Add(10, "h"u8);
        writer.Add(3, [1, 2]);
        writer.Add(1, [0x85]);
        int length = 12 + writer.Finish();
        RtpPatch.HasExtension(wire, true);
        return wire[..(length + 100)];
    }
}
