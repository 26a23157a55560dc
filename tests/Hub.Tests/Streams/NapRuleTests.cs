using ThreeClassrooms.Hub.Streams.Loops;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>A loop with time to spare is quick, a busy one gathers, and neither swings.</summary>
public sealed class NapRuleTests
{
    [Fact]
    public void UnderHalfACore_ItDoesNotNap()
    {
        var rule = new NapRule();
        rule.OnLoad(40);
        Assert.Equal(TimeSpan.Zero, rule.Nap);
    }

    [Fact]
    public void TheBusierTheLongerTheNap_NeverOverEightMilliseconds()
    {
        var rule = new NapRule();
        TimeSpan last = TimeSpan.Zero;
        for (int busy = 0; busy <= 100; busy++)
        {
            rule.OnLoad(busy);
            Assert.InRange(rule.Nap, last, TimeSpan.FromMilliseconds(8));
            last = rule.Nap;
        }

        Assert.Equal(TimeSpan.FromMilliseconds(8), last);
    }

    [Fact]
    public void NappingMakesTheLoopLessBusy_TheLevelStays_UntilItIsFarLess()
    {
        var rule = new NapRule();
        rule.OnLoad(55);
        TimeSpan nap = rule.Nap;
        rule.OnLoad(35);
        Assert.Equal(nap, rule.Nap);
        rule.OnLoad(20);
        Assert.Equal(TimeSpan.Zero, rule.Nap);
    }
}
