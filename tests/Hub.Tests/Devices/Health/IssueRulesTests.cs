using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

public sealed class IssueRulesTests
{
    [Fact]
    public void EveryFaultOfADevice_IsAnIssueByTheSameName()
    {
        foreach (FaultKind fault in Enum.GetValues<FaultKind>())
        {
            Assert.Equal(fault.ToString(), IssueKinds.Of(fault).ToString());
        }
    }

    [Fact]
    public void NoIssue_WeighsLessInClassThanAtNight()
    {
        foreach (IssueKind kind in Enum.GetValues<IssueKind>())
        {
            Assert.True(IssueKinds.SeverityOf(kind, RoomMoment.InClass) >= IssueKinds.SeverityOf(kind, RoomMoment.BeforeClass), kind.ToString());
            Assert.True(IssueKinds.SeverityOf(kind, RoomMoment.BeforeClass) >= IssueKinds.SeverityOf(kind, RoomMoment.Idle), kind.ToString());
        }
    }

    [Fact]
    public void NoIssue_IsRaisedSlowerThanItIsCleared()
    {
        foreach (IssueKind kind in Enum.GetValues<IssueKind>())
        {
            Assert.True(IssueTiming.Default(kind) is var timing && timing.Clear >= timing.Raise, kind.ToString());
        }
    }

    [Fact]
    public void Timing_CanBeSetByKind()
    {
        Func<IssueKind, IssueTiming> timing = IssueTiming.From(new HealthOptions { Timing = ["ProcessorHot=00:02:00/00:10:00"] });
        Assert.Equal(new IssueTiming(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)), timing(IssueKind.ProcessorHot));
        Assert.Equal(IssueTiming.Default(IssueKind.ClockOff), timing(IssueKind.ClockOff));
        Assert.Null(IssueTiming.Read("ProcessorHot=soon/later"));
        Assert.Null(IssueTiming.Read("Nonsense=00:01:00/00:01:00"));
    }

    [Theory]
    [InlineData(15, null, true)]
    [InlineData(15, 0, false)] // a network camera's own rate
    [InlineData(9.8, 10, false)]
    [InlineData(6, 10, true)]
    [InlineData(19, 25, false)]
    [InlineData(12, 25, true)]
    public void EncoderIsSlow_AtWhatItIsAskedFor(double pictures, int? wanted, bool slow)
    {
        MetricsReport[] minutes =
            [.. Enumerable.Range(0, 5).Select(i => HealthScene.Readings(Guid.NewGuid(), i, HealthScene.Morning) with { FramesPerSecond = pictures, FramesWanted = wanted })];
        Assert.Equal(slow, Conditions.OfReadings(minutes, inLesson: true, _ => false, new HealthOptions()).Any(c => c.Kind == IssueKind.EncoderSlow));
        Assert.DoesNotContain(Conditions.OfReadings(minutes, inLesson: false, _ => false, new HealthOptions()), c => c.Kind == IssueKind.EncoderSlow);
    }

    [Fact]
    public void ACondition_ThatFlickers_IsNoIssue()
    {
        var watch = new IssueWatch(IssueKind.NetworkPoor, "", new IssueTiming(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(3)));
        DateTimeOffset now = HealthScene.Morning;
        for (int second = 0; second < 600; second += 5)
        {
            Assert.Null(watch.On(second % 25 < 20 ? new Condition(IssueKind.NetworkPoor, "", 900) : null, now.AddSeconds(second)));
        }
    }

    [Fact]
    public void Uptime_CountsWhatWasSeen_AndNothingElse()
    {
        HealthScene scene = new HealthScene().Birth().Heartbeat();
        var second = TimeSpan.FromSeconds(2);
        Assert.Equal(new UptimeSeconds(2, 0, 0, 0, 0), UptimeSeconds.Of(scene.View, second));
        scene.Context = scene.Context with { Times = HealthScene.LessonAt(scene.Now) };
        Assert.Equal(new UptimeSeconds(2, 0, 0, 2, 0), UptimeSeconds.Of(scene.View, second));
        Assert.Equal(new UptimeSeconds(0, 2, 0, 0, 2), UptimeSeconds.Of(scene.Pass(TimeSpan.FromMinutes(1)).Will().View, second));
        scene.Context = scene.Context with { Sight = scene.Context.Sight.On(true, scene.Now) };
        Assert.Equal(default, UptimeSeconds.Of(scene.View, second));
    }
}
