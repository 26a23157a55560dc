using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Devices.Inbox;

public sealed class RecordTimeTests
{
    private static readonly DateTimeOffset Device = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);
    private static readonly StreamBatch Hour = new(Device.AddHours(1), 3_600_000, RecordChain.Boot, 4000, 20, [], []);

    [Fact]
    public void ClockComparedBefore_ItsOffsetCounts_AndThePayloadStays()
    {
        var time = RecordTime.Of(Record(offset: 4000, error: 10), Hour);
        Assert.Equal((Device.AddSeconds(4), 10, TimeSpan.Zero), (time.At, time.ErrorMs, time.Shift));
    }

    [Fact]
    public void NeverCompared_SameBoot_CountsBackFromTheSending()
    {
        // Somebody set the clock by ten minutes between writing and sending: only the monotonic clock knows how long ago it was.
        StreamBatch batch = Hour with { SentAt = Device.AddMinutes(70), ClockOffsetMs = -600_000 };
        var time = RecordTime.Of(Record(offset: null, error: null), batch);
        Assert.Equal((Device, 200, TimeSpan.Zero), (time.At, time.ErrorMs, time.Shift)); // 20 ms, and 50 ppm of an hour
    }

    [Fact]
    public void ComparedLongAgo_TheBetterOfBothCounts()
    {
        var time = RecordTime.Of(Record(offset: 1000, error: 9000), Hour);
        Assert.Equal((Device.AddSeconds(4), 200, TimeSpan.FromSeconds(3)), (time.At, time.ErrorMs, time.Shift));
    }

    [Fact]
    public void NeverCompared_AnotherBoot_NobodyKnowsTheError()
    {
        var time = RecordTime.Of(Record(offset: null, error: null), Hour with { Boot = Guid.NewGuid() });
        Assert.Equal((Device.AddSeconds(4), null, TimeSpan.FromSeconds(4)), (time.At, time.ErrorMs, time.Shift));
    }

    private static StreamRecord Record(long? offset, long? error) => new RecordChain().Add("x", 1, Device, 0, offset, error);
}
