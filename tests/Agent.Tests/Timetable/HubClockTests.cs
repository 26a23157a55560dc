using ThreeClassrooms.Agent.Timetable;

namespace ThreeClassrooms.Agent.Tests.Timetable;

public class HubClockTests
{
    private readonly SettableTime _time = new();

    [Fact]
    public void SampleWithTheShortestRoundTrip_Counts()
    {
        var clock = new HubClock(_time);
        clock.OnSample(_time.True.AddMilliseconds(5000), TimeSpan.FromMilliseconds(400));
        clock.OnSample(_time.True.AddMilliseconds(4990), TimeSpan.FromMilliseconds(20));
        clock.OnSample(_time.True.AddMilliseconds(5100), TimeSpan.FromMilliseconds(300));
        Assert.Equal(TimeSpan.FromMilliseconds(5000), clock.Offset);
        Assert.Equal(TimeSpan.FromMilliseconds(10), clock.Error);
    }

    [Fact]
    public void HubsClockThatWasSet_ForgetsWhatWasBefore()
    {
        var clock = new HubClock(_time);
        clock.OnSample(_time.True, TimeSpan.FromMilliseconds(2));
        clock.OnSample(_time.True.AddHours(1), TimeSpan.FromMilliseconds(100));
        Assert.InRange(clock.Offset, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public void BeforeTheFirstAnswer_TheDevicesClockServes_WithWhatIsRemembered_UntilItIsSet()
    {
        var clock = new HubClock(_time);
        Assert.Equal(_time.GetUtcNow(), clock.Now);
        Assert.Null(clock.Error);
        clock.Remember(TimeSpan.FromHours(3));
        Assert.Equal(_time.GetUtcNow().AddHours(3), clock.Now);
        clock.OnDeviceClockSet();
        Assert.Equal(_time.GetUtcNow(), clock.Now);
        Assert.False(clock.IsCompared);
    }

    [Theory]
    [InlineData(-20 * 365)]
    [InlineData(20)]
    public void DevicesClockThatIsSet_ChangesNothing_NotForAMoment(int days)
    {
        var clock = new HubClock(_time);
        clock.OnSample(_time.True, TimeSpan.Zero);
        _time.Pass(TimeSpan.FromMinutes(7));
        _time.Set(TimeSpan.FromDays(days));
        Assert.Equal(_time.True, clock.Now);
        Assert.Equal(TimeSpan.FromDays(-days), clock.Offset);
    }
}
