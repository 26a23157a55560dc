using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Tests.Payload;

public sealed class PayloadFormatTests
{
    [Fact]
    public void Vp8Descriptor_WithEverything_IsReadAndRewritten()
    {
        // RFC 7741 §4.2: X S | I L T K | M + 15-bit picture id 0x1234 | TL0PICIDX 0x56 | TID 2, Y, KEYIDX 9 | one byte of VP8.
        byte[] payload = Convert.FromHexString("90F0" + "9234" + "56" + "A9" + "00");
        Assert.True(Vp8Descriptor.TryRead(payload, out Vp8Descriptor d));
        Assert.Equal((6, true, 0, (ushort?)0x1234, true), (d.Length, d.StartsPartition, d.Partition, d.PictureId, d.HasLongPictureId));
        Assert.Equal(((byte?)0x56, (byte?)2, true, true), (d.Tl0PictureIndex, d.TemporalLayer, d.LayerSync, d.StartsFrame));
        Assert.True(KeyFrames.StartsIn(CodecKind.Vp8, payload));

        d.Rewrite(payload, 0x7FFF, 0xAB);
        Assert.Equal("90F0FFFFABA900", Convert.ToHexString(payload));
        Assert.True(Vp8Descriptor.TryRead(payload, out Vp8Descriptor again));
        Assert.Equal(((ushort?)0x7FFF, (byte?)0xAB), (again.PictureId, again.Tl0PictureIndex));
    }

    [Theory]
    [InlineData("1001", 1, null)] // required byte alone; inter frame
    [InlineData("9080" + "11" + "01", 3, 17)] // 7-bit picture id
    [InlineData("90E0" + "11" + "22" + "40" + "01", 5, 17)]
    public void Vp8Descriptor_ShortForms(string hex, int length, int? picture)
    {
        byte[] payload = Convert.FromHexString(hex);
        Assert.True(Vp8Descriptor.TryRead(payload, out Vp8Descriptor d));
        Assert.Equal((length, (ushort?)picture), (d.Length, d.PictureId));
        Assert.False(KeyFrames.StartsIn(CodecKind.Vp8, payload));
        d.Rewrite(payload, 0xFFFF, 1);
        Assert.True(Vp8Descriptor.TryRead(payload, out Vp8Descriptor again));
        Assert.Equal(d.Length, again.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("9080")]
    [InlineData("908092")]
    [InlineData("90809234")]
    [InlineData("90F0923456A9")]
    public void Vp8Descriptor_CutShort_IsRefused(string hex) => Assert.False(Vp8Descriptor.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void KeyFrameSize_IsReadFromRealStreams()
    {
        Assert.True(PictureSize.TryRead(CodecKind.Vp8, SampleMedia.Vp8[0], out PictureSize vp8));
        Assert.True(PictureSize.TryRead(CodecKind.H264, SampleMedia.LengthPrefixed(SampleMedia.LargeH264[0]), out PictureSize h264));
        Assert.Equal((new PictureSize(320, 240), new PictureSize(640, 360)), (vp8, h264));
        Assert.False(PictureSize.TryRead(CodecKind.Vp8, SampleMedia.Vp8[1], out _));
    }

    [Theory]
    [InlineData("-profile:v high", 1280, 720, H264Capability.High)]
    [InlineData("-profile:v main", 1920, 1080, H264Capability.Main)] // cropped: 1088 is coded
    [InlineData("-profile:v baseline", 322, 242, H264Capability.Baseline)]
    public void SequenceParameters_OfOtherProfilesAndCroppedSizes(string profile, int width, int height, H264Capability capability)
    {
        byte[] stream = SampleMedia.Ffmpeg($"-f lavfi -i color=size={width}x{height}:duration=0.1:rate=10 -pix_fmt yuv420p -c:v libx264 {profile} -preset ultrafast -f h264 pipe:1");
        SequenceParameters found = default;
        foreach (ReadOnlySpan<byte> unit in new NalReader(stream, NalForm.AnnexB))
        {
            if (SequenceParameters.TryRead(unit, out SequenceParameters parameters))
            {
                found = parameters;
            }
        }

        Assert.Equal((width, height), (found.Width, found.Height));
        Assert.True(found.Profile.Capability <= capability, found.Profile.ToString());
    }

    [Theory]
    [InlineData("6742", true)]
    [InlineData("6588", true)]
    [InlineData("419A", false)]
    [InlineData("7C85", true)] // FU-A, start of IDR
    [InlineData("7C45", false)] // FU-A, end of IDR
    [InlineData("7C81", false)]
    [InlineData("780002068000026742", true)] // STAP-A: SEI, SPS
    [InlineData("78000206800002419A", false)]
    [InlineData("78", false)]
    public void H264KeyFrameStarts(string hex, bool expected) => Assert.Equal(expected, KeyFrames.StartsIn(CodecKind.H264, Convert.FromHexString(hex)));

    [Fact]
    public void LengthsBecomeStartCodes_InPlace()
    {
        byte[] frame = SampleMedia.LengthPrefixed(SampleMedia.H264[0]);
        byte[] annexB = [.. frame];
        Assert.True(NalForms.ToAnnexB(annexB));
        Assert.Equal(frame, SampleMedia.LengthPrefixed(annexB));
        Assert.False(NalForms.ToAnnexB([0, 0, 0, 9, 1]));
    }

    [Fact]
    public void OpusDurations()
    {
        Assert.All(SampleMedia.Opus.Skip(1).SkipLast(1), p => Assert.Equal(20, OpusPacket.Duration(p).TotalMilliseconds));
        Assert.Equal(2.5, OpusPacket.Duration([0x80]).TotalMilliseconds);
        Assert.Equal(120, OpusPacket.Duration([0x1B, 2]).TotalMilliseconds); // 60 ms SILK, two frames
        Assert.Equal(TimeSpan.Zero, OpusPacket.Duration([0x1B, 3]));
        Assert.Equal(TimeSpan.Zero, OpusPacket.Duration([]));
    }

    [Fact]
    public void Retransmission_CarriesTheOriginal()
    {
        byte[] output = new byte[8];
        int length = RtxPayload.Write(output, new SeqNo(0xABCD), [1, 2, 3]);
        Assert.Equal("ABCD010203", Convert.ToHexString(output.AsSpan(0, length)));
        Assert.True(RtxPayload.TryRead(output.AsSpan(0, length), out SeqNo original, out ReadOnlySpan<byte> inner));
        Assert.Equal((0xABCD, 3), (original.Value, inner.Length));
        Assert.False(RtxPayload.TryRead([1, 2], out _, out _));
    }

    [Fact]
    public void RedundantAudio_GivesItsPrimaryBlock()
    {
        // RFC 2198 §3: one redundant block (F=1, PT 111, offset 960, length 2), the primary's head (F=0, PT 111), blocks.
        Assert.True(RedPayload.TryReadPrimary(Convert.FromHexString("EF0F0002" + "6F" + "AAAA" + "BBBBBB"), out byte type, out ReadOnlySpan<byte> primary));
        Assert.Equal((111, "BBBBBB"), (type, Convert.ToHexString(primary)));
        Assert.False(RedPayload.TryReadPrimary(Convert.FromHexString("EF0F0009" + "6F" + "AAAA"), out _, out _));
        Assert.False(RedPayload.TryReadPrimary([], out _, out _));
    }
}
