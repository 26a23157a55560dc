using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>What waits for its neighbours, and what does not.</summary>
public sealed class StreamGatherTests
{
    private static readonly Gathering Four = new(4, TimeSpan.FromMilliseconds(8));
    private static readonly MonoTime Start = new(5_000_000_000);
    private StreamGather _gather;

    [Fact]
    public void PacketsOfAPicture_WaitForFour()
    {
        Assert.True(Holds(1, 0));
        Assert.True(Holds(2, 0, ms: 2));
        Assert.True(Holds(3, 0, ms: 4));
        Assert.False(Holds(4, 0, ms: 6));
        _gather.OnForwarded(new Tide(4, 0, false));
        Assert.Null(_gather.Since);
        Assert.True(Holds(5, 0, ms: 7));
    }

    [Fact]
    public void TheFirstOne_WaitsNoLongerThanTheRuleSays()
    {
        Assert.True(Holds(1, 0));
        Assert.True(_gather.Holds(new Tide(1, 0, false), Four, Start, Start + TimeSpan.FromMilliseconds(7)));
        Assert.False(_gather.Holds(new Tide(1, 0, false), Four, Start, Start + TimeSpan.FromMilliseconds(8)));
    }

    [Fact]
    public void Sound_TakesWaitingPacketsAlongAtOnce()
    {
        Assert.True(Holds(1, 0));
        Assert.False(Holds(1, 1, ms: 1));
    }

    [Fact]
    public void TheEndOfAPicture_DoesNotWait() => Assert.False(_gather.Holds(new Tide(1, 0, PictureEnds: true), Four, Start, Start));

    [Fact]
    public void ALoopWithTime_HoldsNothing() => Assert.False(_gather.Holds(new Tide(1, 0, false), new Gathering(1, TimeSpan.Zero), Start, Start));

    private bool Holds(long video, long audio, double ms = 0)
    {
        MonoTime now = Start + TimeSpan.FromMilliseconds(ms);
        return _gather.Holds(new Tide(video, audio, false), Four, now, now);
    }
}
