using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

/// <summary>Random loss in both directions on both legs: publisher to hub, hub to watcher, and all requests for repeats.</summary>
public sealed class LossSimulationTests
{
    private const double Loss = 0.05;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void FivePercentLoss_LeavesLessThanOnePerMille(int seed)
    {
        var random = new Random(seed);
        var publisher = new FakePublisher();
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);
        var toHub = new Wire(random);
        var toPublisher = new Wire(random);
        var toWatcher = new Wire(random);
        var fromWatcher = new Wire(random);
        var sent = new Dictionary<ushort, byte[]>();
        var received = new HashSet<int>();
        var missing = new NackTracker();
        var now = new MonoTime(5_000_000_000);
        int packets = 0;
        int taken = 0, repeated = 0;
        const int Seconds = 30;
        for (int ms = 0; ms < Seconds * 1000 + 2000; ms++, now += Step)
        {
            if (ms < Seconds * 1000 && ms % 4 == 0)
            {
                byte[] packet = publisher.Video(now, key: packets == 0);
                packets++;
                sent[(ushort)((packet[2] << 8) | packet[3])] = packet;
                toHub.Send(packet, now, sure: packets == 1);
            }

            foreach (byte[] packet in toHub.Arriving(now))
            {
                publisher.Stream.OnRtp(packet, now);
            }

            Feedback(publisher, toPublisher, now);
            foreach (byte[] request in toPublisher.Arriving(now))
            {
                Repeat(request, sent, toHub, now);
            }

            foreach (byte[] request in fromWatcher.Arriving(now))
            {
                watcher.Subscription.OnRtcp(request, now);
            }

            watcher.Pump(now);
            for (; taken < watcher.Video.Count; taken++)
            {
                toWatcher.Send(watcher.Video[taken].Wire, now);
            }

            for (; repeated < watcher.Rtx.Count; repeated++)
            {
                toWatcher.Send(watcher.Rtx[repeated].Wire, now);
            }

            foreach (byte[] wire in toWatcher.Arriving(now))
            {
                Receive(wire, received, missing, now);
            }

            Ask(missing, fromWatcher, now);
        }

        double residual = 1 - ((double)received.Count / packets);
        Assert.True(residual <= 0.001, $"seed {seed}: {residual:P3} of {packets} packets never came");
    }

    private static void Feedback(FakePublisher publisher, Wire toPublisher, MonoTime now)
    {
        var buffer = new byte[1200];
        while (publisher.Stream.NextDeadline <= now && publisher.Stream.TryTakeRtcp(now, buffer, out int length))
        {
            toPublisher.Send(buffer[..length], now);
        }
    }

    private static void Repeat(byte[] request, Dictionary<ushort, byte[]> sent, Wire toHub, MonoTime now)
    {
        foreach (RtcpPacket packet in new RtcpReader(request))
        {
            foreach (SeqNo lost in packet.Nacks)
            {
                toHub.Send(sent[lost.Value], now);
            }
        }
    }

    private static void Receive(byte[] wire, HashSet<int> received, NackTracker missing, MonoTime now)
    {
        RtpHeader.TryRead(wire, out RtpHeader header);
        byte[] payload = header.Payload(wire).ToArray();
        SeqNo sequence = header.Sequence;
        if (header.Ssrc.Value == FakeWatcher.RtxSsrc)
        {
            RtxPayload.TryRead(payload, out sequence, out ReadOnlySpan<byte> inner);
            payload = inner.ToArray();
        }

        missing.OnPacket(sequence, now);
        received.Add(new Got(header, payload, wire).Count);
    }

    private static void Ask(NackTracker missing, Wire fromWatcher, MonoTime now)
    {
        Span<SeqNo> lost = stackalloc SeqNo[100];
        int count = missing.TakeNacks(now, Delay * 2, lost);
        if (count > 0)
        {
            var buffer = new byte[800];
            var writer = new RtcpWriter(buffer);
            writer.AddNack(new Ssrc(1), new Ssrc(FakeWatcher.VideoSsrc), lost[..count]);
            fromWatcher.Send(buffer[..writer.Length], now);
        }
    }

    private sealed class Wire(Random random)
    {
        private readonly Queue<(MonoTime At, byte[] Packet)> _flying = new();

        public void Send(byte[] packet, MonoTime now, bool sure = false)
        {
            if (sure || random.NextDouble() >= Loss)
            {
                _flying.Enqueue((now + Delay, packet));
            }
        }

        public IEnumerable<byte[]> Arriving(MonoTime now)
        {
            while (_flying.TryPeek(out (MonoTime At, byte[] Packet) next) && next.At <= now)
            {
                yield return _flying.Dequeue().Packet;
            }
        }
    }
}
