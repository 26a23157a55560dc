using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Media.Tests.Forwarding;

public sealed class AllocationTests
{
    [Fact]
    public void ForwardingToManyWatchers_AllocatesNothing()
    {
        var publisher = new FakePublisher();
        var ids = new RtpExtensionIds { TransportCc = 3 };
        Subscription[] watchers = [.. Enumerable.Range(0, 30).Select(_ => new FakeWatcher(extensions: ids).Watching(publisher).Subscription)];
        var now = new MonoTime(5_000_000_000);
        var packets = new (byte[] Packet, MonoTime At)[3000];
        for (int i = 0; i < 3000; i++, now += TimeSpan.FromMilliseconds(4))
        {
            packets[i] = (i % 5 == 0 ? publisher.Audio(now) : publisher.Video(now, key: i % 1000 == 1, size: 1100), now);
        }

        long forwarded = 0;
        long allocated = Allocations.Least(run => forwarded += Forward(publisher, watchers, packets.AsSpan(run * 300, 300)));

        Assert.InRange(forwarded, 600 * 29, 3000 * 30); // two runs at least, all ten when something was allocated
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void MemoryOfAStream_IsBounded()
    {
        var history = new PacketHistory(512, 1500, 512 * 1500);
        var payload = new byte[1500];
        for (int i = 0; i < 5000; i++)
        {
            history.TryAdd(new StoredPacket { Sequence = 100_000 + i }, payload);
        }

        Assert.Equal(512, history.Arrivals - history.Oldest);
        Assert.False(history.TryGetArrival(history.Oldest - 1, out _, out _));
        Assert.False(history.TryAdd(new StoredPacket { Sequence = 100_000 }, payload));
        Assert.False(history.TryAdd(new StoredPacket { Sequence = 200_000 }, new byte[1501]));
    }

    private static long Forward(FakePublisher publisher, Subscription[] watchers, ReadOnlySpan<(byte[] Packet, MonoTime At)> packets)
    {
        Span<byte> header = stackalloc byte[Subscription.MaxHeader];
        Span<byte> scratch = stackalloc byte[Subscription.MaxPayload];
        Span<byte> rtcp = stackalloc byte[1200];
        long count = 0;
        foreach ((byte[] packet, MonoTime at) in packets)
        {
            publisher.Stream.OnRtp(packet, at);
            publisher.Stream.TryTakeRtcp(at, rtcp, out _);
            foreach (Subscription watcher in watchers)
            {
                while (watcher.TryTakeRtp(at, header, scratch, out _, out _))
                {
                    count++;
                }

                watcher.TryTakeRtcp(at, rtcp, out _);
            }
        }

        return count;
    }
}
