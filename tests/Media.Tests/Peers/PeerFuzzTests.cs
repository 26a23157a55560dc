using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Tests.Simulation;
using ThreeClassrooms.TestKit.Network;

namespace ThreeClassrooms.Media.Tests.Peers;

/// <summary>Random and mutated datagrams at an engine in every state: refused and counted, never an exception, no growth.</summary>
public sealed class PeerFuzzTests
{
    private const int Rounds = 60_000;

    [Theory]
    [InlineData(PeerState.New)]
    [InlineData(PeerState.Handshaking)]
    [InlineData(PeerState.Connected)]
    [InlineData(PeerState.Closed)]
    public void AnyDatagrams_AreRefused_AndTheHubGoesOn(PeerState state)
    {
        var network = new VirtualNetwork(seed: 11);
        using var pair = new PeerPair(network);
        var corpus = Corpus();
        Bring(pair, state);
        var random = new Random(12);
        var buffer = new byte[2048];
        var media = pair.Hub.Received.Count;

        for (var i = 0; i < Rounds; i++)
        {
            var length = Mutate(random, corpus, buffer);
            var from = VirtualNetwork.Address((byte)random.Next(2, 5));
            var kind = pair.Hub.Engine.OnDatagram(buffer.AsSpan(0, length), from, network.Now, out _);
            Assert.False(kind is DatagramKind.Rtp or DatagramKind.Rtcp, $"round {i}");
            _ = pair.Agent.Engine.OnDatagram(buffer.AsSpan(0, length), VirtualNetwork.Address(1), network.Now, out _);
            if (i % 64 == 0)
            {
                network.RunFor(TimeSpan.FromMilliseconds(1));
            }
        }

        Assert.True(pair.Hub.Engine.Drops.Total > Rounds / 2);
        Assert.Equal(media, pair.Hub.Received.Count);
        if (state == PeerState.Connected)
        {
            Assert.True(pair.BothConnected, $"{pair.Hub.Engine.CloseReason} {pair.Agent.Engine.CloseReason}");
            HandshakeTests.AssertMediaFlows(pair);
        }
    }

    private static void Bring(PeerPair pair, PeerState state)
    {
        if (state != PeerState.New)
        {
            Assert.True(pair.Network.RunUntil(() => pair.Hub.Engine.State >= (state == PeerState.Closed ? PeerState.Connected : state), TimeSpan.FromSeconds(3)));
        }

        if (state == PeerState.Closed)
        {
            pair.Hub.Engine.Close(pair.Network.Now);
        }
        else if (state == PeerState.Connected)
        {
            Assert.True(pair.Connect());
        }
    }

    // Everything that two engines say to each other in another connection.
    private static List<byte[]> Corpus()
    {
        var network = new VirtualNetwork(seed: 99);
        var corpus = new List<byte[]>();
        network.Tap = (_, _, _, bytes) => corpus.Add(bytes.ToArray());
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());
        HandshakeTests.AssertMediaFlows(pair);
        pair.Agent.Engine.Close(network.Now);
        network.RunFor(TimeSpan.FromMilliseconds(10));
        return corpus;
    }

    private static int Mutate(Random random, List<byte[]> corpus, byte[] buffer)
    {
        if (random.Next(4) == 0)
        {
            var size = random.Next(0, 1500);
            random.NextBytes(buffer.AsSpan(0, size));
            return size;
        }

        var original = corpus[random.Next(corpus.Count)];
        original.CopyTo(buffer, 0);
        var length = random.Next(3) == 0 ? random.Next(original.Length + 1) : original.Length;
        for (var flips = random.Next(1, 6); flips > 0 && length > 0; flips--)
        {
            buffer[random.Next(length)] = (byte)random.Next(256);
        }

        return length;
    }
}
