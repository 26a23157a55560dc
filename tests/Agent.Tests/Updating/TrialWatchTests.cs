using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Updating;

namespace ThreeClassrooms.Agent.Tests.Updating;

public class TrialWatchTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    [Fact]
    public void AllSignsForAMinute_WithoutABreak()
    {
        var watch = new TrialWatch(Hold);
        Assert.False(watch.OnTime(new TrialSigns(true, true, true), TimeSpan.FromSeconds(0)));
        Assert.False(watch.OnTime(new TrialSigns(true, true, true), TimeSpan.FromSeconds(59)));
        Assert.False(watch.OnTime(new TrialSigns(false, true, true), TimeSpan.FromSeconds(60)));
        Assert.False(watch.OnTime(new TrialSigns(true, true, true), TimeSpan.FromSeconds(61)));
        Assert.False(watch.OnTime(new TrialSigns(true, true, true), TimeSpan.FromSeconds(120)));
        Assert.True(watch.OnTime(new TrialSigns(true, true, true), TimeSpan.FromSeconds(121)));
    }

    [Fact]
    public void OneSignMissing_ProvesNothing_HoweverLong() =>
        Prop.ForAll(Gen.Choose(0, 6).ToArbitrary(), signs =>
        {
            var watch = new TrialWatch(Hold);
            var seen = new TrialSigns((signs & 1) != 0, (signs & 2) != 0, (signs & 4) != 0);
            return Enumerable.Range(0, 100).All(minute => !watch.OnTime(seen, TimeSpan.FromMinutes(minute)));
        }).QuickCheckThrowOnFailure();
}
