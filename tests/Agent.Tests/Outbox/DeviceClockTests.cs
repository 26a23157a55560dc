using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Tests.Timetable;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Outbox;

public sealed class DeviceClockTests
{
    [Fact]
    public void HowWellTheTimeIsKnown_GoesWithTheRecord()
    {
        var time = new SettableTime();
        var hub = new HubClock(time);
        var clock = new DeviceClock(hub, time);
        Assert.Equal((ClockState.Unknown, null, null), (clock.Now().Clock, clock.Now().OffsetMs, clock.Now().ErrorMs));
        hub.Remember(TimeSpan.FromSeconds(3));
        Assert.Equal((ClockState.Estimated, 3000L, null), (clock.Now().Clock, clock.Now().OffsetMs, clock.Now().ErrorMs));
        hub.OnSample(time.GetUtcNow().AddSeconds(4), TimeSpan.Zero);
        Assert.Equal((ClockState.Synced, 4000L, 0L), (clock.Now().Clock, clock.Now().OffsetMs, clock.Now().ErrorMs));
        time.Pass(TimeSpan.FromHours(10));
        Assert.Equal((ClockState.Estimated, 1800L), (clock.Now().Clock, clock.Now().ErrorMs)); // 50 ppm of ten hours
    }

    [Fact]
    public void ClockThatIsSet_IsNoticed_AndTheHubsTimeIsStillKnown()
    {
        var time = new SettableTime();
        var hub = new HubClock(time);
        var clock = new DeviceClock(hub, time);
        hub.OnSample(time.GetUtcNow(), TimeSpan.Zero);
        Assert.Null(clock.Watch());
        time.Pass(TimeSpan.FromSeconds(2));
        DateTimeOffset before = hub.Now;
        time.Set(TimeSpan.FromMinutes(-30));
        Assert.Equal(TimeSpan.FromMinutes(-30), clock.Watch());
        Assert.Equal(before, hub.Now);
        Assert.Equal(TimeSpan.Zero, hub.Error);
        time.Set(TimeSpan.FromMilliseconds(300)); // slewed
        Assert.Null(clock.Watch());
    }
}
