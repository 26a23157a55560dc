using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Streams;

namespace ThreeClassrooms.Hub.Tests.Attendance;

public sealed class FlowRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 7, 1, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(25, 60_000, true)]
    [InlineData(2, 1_500, true)] // a very thin line
    [InlineData(1, 1_200, false)] // a packet a second
    [InlineData(25, 50, false)] // packets without a picture in them
    [InlineData(0, 0, false)]
    public void Picture_MovesFromTwoASecondOn(int pictures, long bytes, bool moves) =>
        Assert.Equal(moves, FlowRules.PictureMoves(new FlowSample(Start, Start.AddSeconds(1.02), 30, 0, bytes, 0, pictures, 0, 0, null)));

    [Theory]
    [InlineData(50, true)]
    [InlineData(8, true)] // frames of 120 ms
    [InlineData(3, false)] // nothing to say
    public void Sound_FlowsInFramesOfAnyLength(int sounds, bool flows) =>
        Assert.Equal(flows, FlowRules.SoundFlows(new FlowSample(Start, Start.AddSeconds(1.02), 0, sounds, 0, 4_000, 0, sounds, 0, null)));
}
