using ThreeClassrooms.Hub.Streams.Loops;

namespace ThreeClassrooms.Hub.Tests.Streams;

public sealed class LoadMeterTests
{
    private readonly LoadMeter _meter = new(busyPercent: 85);

    [Fact]
    public void RisingLoad_FirstHoldsBackOptionalPictures_ThenRefusesNewConnections()
    {
        Seconds(10, busy: 0.5);
        Assert.Equal(LoadLevel.Normal, _meter.Level);
        Seconds(10, busy: 0.8);
        Assert.Equal(LoadLevel.Lean, _meter.Level);
        Seconds(10, busy: 0.95);
        Assert.Equal(LoadLevel.Full, _meter.Level);
    }

    [Fact]
    public void FallingLoad_IsTrustedOnlyWellBelowTheThreshold()
    {
        Seconds(10, busy: 0.95);
        Seconds(10, busy: 0.75);
        Assert.Equal(LoadLevel.Full, _meter.Level);
        Seconds(10, busy: 0.65);
        Assert.Equal(LoadLevel.Lean, _meter.Level);
        Seconds(10, busy: 0.4);
        Assert.Equal(LoadLevel.Normal, _meter.Level);
    }

    private void Seconds(int count, double busy)
    {
        for (int i = 0; i < count; i++)
        {
            _meter.OnIdle(TimeSpan.FromSeconds(1 - busy));
            _meter.OnPeriod(TimeSpan.FromSeconds(1));
        }
    }
}
