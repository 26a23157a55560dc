using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Tests.Payload;

public sealed class FrameAssemblerTests
{
    private readonly FrameAssembler _h264 = new(CodecKind.H264);
    private ushort _sequence;

    [Fact]
    public void AggregateThenFragments_BecomeOneAccessUnit()
    {
        // RFC 6184 §5.7.1: STAP-A (24) with SPS and PPS; §5.8: FU-A (28) of an IDR slice in three parts.
        Assert.Empty(On("78" + "0003674201" + "000268CE", 1));
        Assert.Empty(On("7C85" + "88AA", 1));
        Assert.Empty(On("7C05" + "BB", 1));
        Assert.Equal(["key 00000003674201" + "0000000268CE" + "0000000565" + "88AABBCC"], On("7C45" + "CC", 1, marker: true));
    }

    [Fact]
    public void LostMiddle_MakesTheFrameIncomplete_AndTheNextOnesDiscontinuous_UntilAKeyFrame()
    {
        On("658811", 1, marker: true);
        On("7C8188", 2);
        Assert.Equal(["incomplete"], On("7C4199", 2, marker: true, gap: true));
        Assert.Equal(["broken 00000002419A"], On("419A", 3, marker: true));
        Assert.Equal(["key 00000003658800"], On("658800", 4, marker: true));
        Assert.Equal(["00000002419A"], On("419A", 5, marker: true));
    }

    [Fact]
    public void LostMarker_EndsTheFrameWithTheNextTimestamp()
    {
        On("6588", 1, marker: true);
        On("419A", 2);
        Assert.Equal(["incomplete", "broken 00000002419B"], On("419B", 3, marker: true, gap: true));
    }

    [Fact]
    public void MissingMarkerWithoutLoss_IsStillWhole()
    {
        On("6588", 1, marker: true);
        On("419A", 2);
        Assert.Equal(["00000002419A", "00000002419B"], On("419B", 3, marker: true));
    }

    [Fact]
    public void LostStart_IsSeenInTheSlice()
    {
        On("6588", 1, marker: true);

        // first_mb_in_slice is not 0: the frame's first slice is among the lost packets.
        Assert.Equal(["incomplete"], On("4123", 2, marker: true, gap: true));
    }

    [Fact]
    public void PaddingProbes_ChangeNothing()
    {
        On("6588", 1, marker: true);
        Assert.Empty(On("", 1));
        Assert.Equal(["00000002419A"], On("419A", 2, marker: true));
    }

    [Fact]
    public void FragmentWithoutStart_IsIncomplete()
    {
        On("6588", 1, marker: true);
        Assert.Equal(["incomplete"], On("7C4199", 2, marker: true));
    }

    [Fact]
    public void OpusPackets_AreFrames()
    {
        var opus = new FrameAssembler(CodecKind.Opus);
        opus.OnPacket(new OrderedPacket(new SeqNo(1), new RtpTime(960), false, true, 2), [0xF8, 1]);
        Assert.True(opus.TryTake(out AssembledFrame frame));
        Assert.True(frame.IsKey && frame.IsComplete && frame.IsContinuous && frame.Data.Length == 2);
        Assert.False(opus.TryTake(out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MarkerOnEveryUnit_EndsNoPictureBeforeItsSlices(bool endsAtMarker)
    {
        var assembler = new FrameAssembler(CodecKind.H264, endsAtMarker);
        List<string> frames = [];
        foreach (uint picture in (uint[])[1, 2, 3])
        {
            frames.AddRange(On("6742001F01", picture, marker: true, of: assembler));
            frames.AddRange(On("68CE", picture, marker: true, of: assembler));
            frames.AddRange(On("6588", picture, marker: true, of: assembler));
        }

        assembler.Flush();
        frames.AddRange(Taken(assembler));
        Assert.Equal(Enumerable.Repeat("key 000000056742001F01" + "0000000268CE" + "000000026588", 3), frames);
    }

    [Fact]
    public void MarkerOnEverySlice_IsNotTrusted_ForTheRecord()
    {
        var assembler = new FrameAssembler(CodecKind.H264, endsAtMarker: false);
        List<string> frames = [.. On("6588", 1, marker: true, of: assembler), .. On("6540", 1, marker: true, of: assembler)];
        frames.AddRange([.. On("419A", 2, marker: true, of: assembler), .. On("4140", 2, marker: true, of: assembler)]);
        assembler.Flush();
        frames.AddRange(Taken(assembler));

        Assert.Equal(["key 000000026588" + "000000026540", "00000002419A" + "000000024140"], frames);
    }

    [Fact]
    public void MarkerOnEverySlice_ForShowing_CostsThePictureThatGivesItAway_AndNoOther()
    {
        List<string> frames = [];
        foreach (uint picture in (uint[])[1, 2, 3])
        {
            frames.AddRange([.. On("6588", picture, marker: true), .. On("6540", picture, marker: true)]);
        }

        Assert.True(_h264.MayBeWhole);
        _h264.Flush();
        frames.AddRange(Taken(_h264));
        string whole = "key 000000026588" + "000000026540";
        Assert.Equal(["key 000000026588", "incomplete", whole, whole], frames);
    }

    [Fact]
    public void ParameterSetsUnderTheTimestampBefore_BelongToThePictureBehindThem()
    {
        Assert.Equal(["broken 00000002419A"], On("419A", 1, marker: true));
        Assert.Empty(On("6742001F01", 1));
        Assert.Empty(On("68CE", 1, marker: true));
        Assert.Equal(["key 000000056742001F01" + "0000000268CE" + "000000026588"], On("6588", 2, marker: true));
    }

    [Fact]
    public void FragmentWithStartAndEnd_IsAWholeUnit()
    {
        On("7CC742001F01", 1);
        On("7CC8CE", 1);
        Assert.Equal(["key 000000056742001F01" + "0000000268CE" + "000000026588"], On("7CC588", 1, marker: true));
    }

    [Fact]
    public void KeyFrameWithoutParameterSets_GetsTheNewestOnes()
    {
        On("6742001F01", 1);
        On("68CE", 1);
        On("6588", 1, marker: true);
        On("68CF", 2);
        Assert.Equal(["00000002" + "68CF" + "00000002419A"], On("419A", 2, marker: true));
        Assert.Equal(["key 000000056742001F01" + "0000000268CF" + "000000026588"], On("6588", 3, marker: true));
    }

    [Fact]
    public void SameTimestampForAll_EndsWithEachFirstSlice()
    {
        List<string> frames = [.. On("6588", 1), .. On("419A", 1), .. On("419B", 1)];
        Assert.Equal(["key 000000026588", "00000002419A"], frames);
    }

    [Fact]
    public void IntraPictureBehindParameterSets_IsAKeyFrame_ThoughItIsNoIdr()
    {
        On("6742001F01", 1);
        On("68CE", 1);
        Assert.Equal(["key 000000056742001F01" + "0000000268CE" + "00000003418888"], On("418888", 1, marker: true)); // 1 | 0001000: first_mb 0, slice_type 7
    }

    private List<string> On(string hex, uint timestamp, bool marker = false, bool gap = false, FrameAssembler? of = null)
    {
        byte[] payload = Convert.FromHexString(hex);
        FrameAssembler assembler = of ?? _h264;
        assembler.OnPacket(new OrderedPacket(new SeqNo(_sequence++), new RtpTime(timestamp), marker, gap, payload.Length), payload);
        return Taken(assembler);
    }

    private static List<string> Taken(FrameAssembler assembler)
    {
        var frames = new List<string>();
        while (assembler.TryTake(out AssembledFrame frame))
        {
            string state = !frame.IsComplete ? "incomplete" : frame.IsKey ? "key " : frame.IsContinuous ? "" : "broken ";
            frames.Add(state + Convert.ToHexString(frame.Data));
        }

        return frames;
    }
}
