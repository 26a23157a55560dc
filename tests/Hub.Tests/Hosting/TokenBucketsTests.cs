using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class TokenBucketsTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 7, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void EachKeyHasItsOwn_AndIsFilledAgainByTime()
    {
        var buckets = new TokenBuckets(capacity: 10, perSecond: 2);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(buckets.TryTake("a", 1, Now)));
        Assert.False(buckets.TryTake("a", 1, Now));
        Assert.True(buckets.TryTake("b", 10, Now));
        Assert.True(buckets.TryTake("a", 2, Now.AddSeconds(1)));
        Assert.False(buckets.TryTake("a", 11, Now.AddHours(1)));
        Assert.True(buckets.TryTake("a", 10, Now.AddHours(1)));
        Assert.False(buckets.TryTake("a", 1, Now)); // a clock set back gives nothing
    }

    [Fact]
    public void PublisherOfAHundredMegabits_IsForwardedAtItsRateOnly()
    {
        const int Packet = 1250;
        var ingress = new IngressRate(24_000_000, new MonoTime(0));
        long admitted = 0;
        for (int packet = 0; packet < 100_000; packet++) // ten seconds of 100 Mbit/s
        {
            admitted += ingress.Admits(Packet, new MonoTime(packet * 100_000L)) ? Packet * 8 : 0;
        }

        Assert.InRange(admitted, 24_000_000 * 11, 24_000_000 * 12.1);
        Assert.Equal(100_000 - (admitted / (Packet * 8)), ingress.Dropped);
        var honest = new IngressRate(24_000_000, new MonoTime(0));
        Assert.All(Enumerable.Range(0, 5000), p => Assert.True(honest.Admits(Packet, new MonoTime(p * 1_600_000L)))); // 6 Mbit/s
    }
}
