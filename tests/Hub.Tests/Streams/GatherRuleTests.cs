using ThreeClassrooms.Hub.Streams.Loops;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>A loop with time to spare is quick, a busy one gathers, and neither swings.</summary>
public sealed class GatherRuleTests
{
    [Fact]
    public void UnderHalfACore_NothingWaits()
    {
        var rule = new GatherRule();
        rule.OnLoad(45);
        Assert.Equal(1, rule.Now.Packets);
        Assert.Equal(TimeSpan.Zero, rule.Now.Hold);
    }

    [Fact]
    public void TheBusierTheMoreIsGathered_NeverLongerThanTenMilliseconds()
    {
        var rule = new GatherRule();
        Gathering last = rule.Now;
        for (int busy = 0; busy <= 100; busy++)
        {
            rule.OnLoad(busy);
            Assert.InRange(rule.Now.Packets, last.Packets, 8);
            Assert.InRange(rule.Now.Hold, last.Hold, TimeSpan.FromMilliseconds(10));
            last = rule.Now;
        }

        Assert.Equal(8, last.Packets);
    }

    [Fact]
    public void GatheringMakesTheLoopLessBusy_TheLevelStays_UntilItIsFarLess()
    {
        var rule = new GatherRule();
        rule.OnLoad(55);
        Gathering gathering = rule.Now;
        Assert.True(gathering.Packets > 1);
        rule.OnLoad(36);
        Assert.Equal(gathering, rule.Now);
        rule.OnLoad(25);
        Assert.Equal(1, rule.Now.Packets);
    }
}
