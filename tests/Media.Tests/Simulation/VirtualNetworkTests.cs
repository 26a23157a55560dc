using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Time;
using ThreeClassrooms.TestKit.Network;

namespace ThreeClassrooms.Media.Tests.Simulation;

/// <summary>The instrument itself: what it is told to do to datagrams is what it does.</summary>
public sealed class VirtualNetworkTests
{
    [Fact]
    public void SameSeed_SameRun()
    {
        var line = new LinkConditions { Loss = 0.1, Jitter = TimeSpan.FromMilliseconds(20), Reorder = 0.1, Duplicate = 0.1 };

        Assert.Equal(Arrivals(7, 500, line), Arrivals(7, 500, line));
        Assert.NotEqual(Arrivals(7, 500, line), Arrivals(8, 500, line));
    }

    [Fact]
    public void LossAndDuplication_HitTheirShare()
    {
        Assert.InRange(Arrivals(1, 10_000, new LinkConditions { Loss = 0.3 }).Count, 6_800, 7_200);
        Assert.InRange(Arrivals(1, 10_000, new LinkConditions { Duplicate = 0.1 }).Count, 10_900, 11_100);
        Assert.Empty(Arrivals(1, 100, new LinkConditions { Blackout = true }));
        Assert.Empty(Arrivals(1, 100, new LinkConditions { UdpBlocked = true }));
    }

    [Fact]
    public void PerfectLine_KeepsOrderAndLatency()
    {
        var arrivals = Arrivals(1, 100, LinkConditions.Perfect);

        Assert.Equal(Enumerable.Range(0, 100), arrivals.Select(a => a.Number));
        Assert.All(arrivals, a => Assert.Equal(TimeSpan.FromMilliseconds(2), a.Delay));
    }

    [Fact]
    public void LimitedRate_SpacesDatagrams_AndDropsWhatTheQueueCannotHold()
    {
        // 128 bytes on the wire per datagram: 1,000 a second; 200 ms of queue hold about 200 of them.
        var arrivals = Arrivals(1, 1000, new LinkConditions { Rate = 1_024_000 });

        Assert.InRange(arrivals.Count, 195, 210);
        Assert.Equal(TimeSpan.FromMilliseconds(1), arrivals[11].Delay - arrivals[10].Delay);
    }

    private static List<(int Number, TimeSpan Delay)> Arrivals(int seed, int count, LinkConditions line)
    {
        var network = new VirtualNetwork(seed);
        var source = new Source(count);
        var sink = new Source(0);
        network.Attach(source, VirtualNetwork.Address(1)).Up = line;
        network.Attach(sink, VirtualNetwork.Address(2));
        var start = network.Now;
        network.RunFor(TimeSpan.FromSeconds(5));
        return sink.Heard.ConvertAll(h => (h.Number, h.At - start));
    }

    private sealed class Source(int count) : INetworkNode
    {
        private int _sent;

        public List<(int Number, MonoTime At)> Heard { get; } = [];

        public MonoTime? NextDeadline => null;

        public void OnDatagram(Span<byte> wire, TransportAddress from, MonoTime arrived) => Heard.Add((BitConverter.ToInt32(wire), arrived));

        public void OnTime(MonoTime now)
        {
        }

        public bool TryTake(Span<byte> buffer, out int length, out TransportAddress to)
        {
            (length, to) = (100, VirtualNetwork.Address(2));
            buffer[..100].Clear();
            BitConverter.TryWriteBytes(buffer, _sent);
            return _sent++ < count;
        }
    }
}
