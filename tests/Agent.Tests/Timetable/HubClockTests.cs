using ThreeClassrooms.Agent.Timetable;

namespace ThreeClassrooms.Agent.Tests.Timetable;

public class HubClockTests
{
    private static readonly DateTimeOffset Device = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void SampleWithTheShortestRoundTrip_Counts()
    {
        var clock = new HubClock();
        clock.OnSample(Device.AddMilliseconds(5000), Device, TimeSpan.FromMilliseconds(400));
        clock.OnSample(Device.AddMilliseconds(4990), Device, TimeSpan.FromMilliseconds(20));
        clock.OnSample(Device.AddMilliseconds(5100), Device, TimeSpan.FromMilliseconds(300));
        Assert.Equal(TimeSpan.FromMilliseconds(5000), clock.Offset);
        Assert.Equal(TimeSpan.FromMilliseconds(10), clock.Error);
    }

    [Fact]
    public void ClockThatWasSet_ForgetsWhatWasBefore()
    {
        var clock = new HubClock();
        clock.OnSample(Device, Device, TimeSpan.FromMilliseconds(2));
        clock.OnSample(Device.AddHours(1), Device, TimeSpan.FromMilliseconds(100));
        Assert.InRange(clock.Offset, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public void BeforeTheFirstAnswer_TheDevicesClockServes()
    {
        var clock = new HubClock();
        Assert.Equal(Device, clock.ToHub(Device));
        Assert.Null(clock.Error);
    }
}
