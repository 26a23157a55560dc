using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Outbox;

public sealed class DeviceClockTests
{
    [Fact]
    public void HowWellTheTimeIsKnown_GoesWithTheRecord()
    {
        (var time, var hub) = (new SettableTime(), new HubClock());
        var clock = new DeviceClock(hub, time);
        Assert.Equal((ClockState.Unknown, null, null), (clock.Now().Clock, clock.Now().OffsetMs, clock.Now().ErrorMs));
        hub.Remember(TimeSpan.FromSeconds(3));
        Assert.Equal((ClockState.Estimated, 3000L, null), (clock.Now().Clock, clock.Now().OffsetMs, clock.Now().ErrorMs));
        hub.OnSample(time.GetUtcNow().AddSeconds(4), time.GetUtcNow(), TimeSpan.Zero);
        Assert.Equal((ClockState.Synced, 4000L, 0L), (clock.Now().Clock, clock.Now().OffsetMs, clock.Now().ErrorMs));
        time.Pass(TimeSpan.FromHours(10));
        Assert.Equal((ClockState.Estimated, 1800L), (clock.Now().Clock, clock.Now().ErrorMs)); // 50 ppm of ten hours
    }

    [Fact]
    public void ClockThatIsSet_IsNoticed_AndTheHubsTimeIsStillKnown()
    {
        (var time, var hub) = (new SettableTime(), new HubClock());
        var clock = new DeviceClock(hub, time);
        hub.OnSample(time.GetUtcNow(), time.GetUtcNow(), TimeSpan.Zero);
        Assert.Null(clock.Watch());
        time.Pass(TimeSpan.FromSeconds(2));
        DateTimeOffset before = hub.ToHub(time.GetUtcNow());
        time.Set(TimeSpan.FromMinutes(-30));
        Assert.Equal(TimeSpan.FromMinutes(-30), clock.Watch());
        Assert.Equal(before, hub.ToHub(time.GetUtcNow()));
        Assert.Equal(TimeSpan.Zero, hub.Error);
        time.Set(TimeSpan.FromMilliseconds(300)); // slewed
        Assert.Null(clock.Watch());
    }

    /// <summary>Time that passes, and a wall clock that can be set apart from it.</summary>
    private sealed class SettableTime : TimeProvider
    {
        private TimeSpan _passed = TimeSpan.FromDays(1);
        private TimeSpan _set;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _passed.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 9, 7, 2, 0, 0, TimeSpan.Zero) + _passed + _set;

        public void Pass(TimeSpan by) => _passed += by;

        public void Set(TimeSpan by) => _set += by;
    }
}
