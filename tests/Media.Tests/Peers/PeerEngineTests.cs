using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Tests.Simulation;
using ThreeClassrooms.Media.Time;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Network;

namespace ThreeClassrooms.Media.Tests.Peers;

public sealed class PeerEngineTests
{
    [Fact]
    public void MediaBeforeTheHandshake_IsTooEarly_AndNothingIsProtected()
    {
        using var pair = new PeerPair(new VirtualNetwork(seed: 1));
        var packet = Packets.Rtp(1, 1, 100);

        Assert.Equal(DatagramKind.Dropped, pair.Hub.Engine.OnDatagram(packet, VirtualNetwork.Address(2), pair.Network.Now, out var length));

        Assert.Equal(0, length);
        Assert.Equal(1, pair.Hub.Engine.Drops[DropReason.TooEarly]);
        Assert.Equal(0, pair.Hub.Engine.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12), new byte[200]));
        Assert.Equal(0, pair.Hub.Engine.ProtectRtcp(Packets.ReceiverReport(1), new byte[200]));
    }

    [Fact]
    public void EveryKindOfBadDatagram_IsCountedByItsReason()
    {
        using var pair = new PeerPair(new VirtualNetwork(seed: 1));
        Assert.True(pair.Connect());
        var hub = pair.Hub.Engine;
        var from = VirtualNetwork.Address(2);
        void Give(byte[] wire) => Assert.Equal(DatagramKind.Dropped, hub.OnDatagram(wire, from, pair.Network.Now, out _));

        Give([]);
        Give([100, 1, 2]);
        Give([0, 1, 0, 0]);
        Give([0x80, 96, 0]);
        Give(Packets.Rtp(1, 1, 100));
        Give(Vectors.StunVectors.Request);

        Assert.Equal(2, hub.Drops[DropReason.UnknownProtocol]);
        Assert.Equal(1, hub.Drops[DropReason.MalformedStun]);
        Assert.Equal(1, hub.Drops[DropReason.MalformedMedia]);
        Assert.Equal(1, hub.Drops[DropReason.Unauthenticated]);
        Assert.Equal(1, hub.Drops[DropReason.UnknownUser]);
        Assert.Equal(6, hub.Drops.Total);
        Assert.False(hub.TryTake(new byte[2048], out _, out _));
    }

    [Theory]
    [InlineData(true, PeerState.Connected)]
    [InlineData(false, PeerState.Closed)]
    public void MediaWithoutChecks_KeepsTheConnection_WhereMediaIsConsent(bool mediaIsConsent, PeerState expected)
    {
        using var pair = new PeerPair(new VirtualNetwork(seed: 1), hub: s => s with { MediaIsConsent = mediaIsConsent });
        Assert.True(pair.Connect());
        MonoTime now = pair.Network.Now;
        var wire = new byte[200];
        for (ushort second = 1; second <= 90; second++)
        {
            byte[] packet = Packets.Rtp(1, second, 50);
            int length = pair.Agent.Engine.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12), wire);
            now += TimeSpan.FromSeconds(1);
            pair.Hub.Engine.OnDatagram(wire.AsSpan(0, length), VirtualNetwork.Address(2), now, out _);
            pair.Hub.Engine.OnTime(now);
        }

        Assert.Equal(expected, pair.Hub.Engine.State);
        pair.Hub.Engine.OnTime(now + TimeSpan.FromSeconds(31));
        Assert.Equal(PeerState.Closed, pair.Hub.Engine.State); // silence still ends it
    }

    [Fact]
    public void ForwardedMedia_AllocatesNothing()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());
        var packet = Packets.Rtp(1, 0, 1100);
        var wire = new byte[1200];
        var from = VirtualNetwork.Address(2);
        void Round(int count, int first)
        {
            for (var i = first; i < first + count; i++)
            {
                (packet[2], packet[3]) = ((byte)(i >> 8), (byte)i);
                var length = pair.Agent.Engine.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12), wire);
                if (pair.Hub.Engine.OnDatagram(wire.AsSpan(0, length), from, network.Now, out _) != DatagramKind.Rtp)
                {
                    throw new InvalidOperationException($"packet {i}");
                }
            }
        }

        Assert.Equal(0, Allocations.Least(run => Round(1000, run * 1000)));
    }

    [Fact]
    public void TenThousandEngines_LeaveNoNativeMemory()
    {
        using var identity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(50));
        var settings = new PeerSettings
        {
            IceLite = false,
            DtlsClient = true,
            LocalUfrag = "aaaa",
            LocalPwd = "bbbbbbbbbbbbbbbbbbbbbb",
            RemoteUfrag = "cccc",
            RemotePwd = "dddddddddddddddddddddd",
            RemoteFingerprint = identity.Fingerprint,
            Seed = 1,
        };
        void Round(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var engine = new PeerEngine(settings, identity, new MonoTime(1));
                engine.OnTime(new MonoTime(2));
            }
        }

        // One leaked SSL object is 8 KiB and more.
        AssertNoGrowth(() => Round(3500), leastLeak: 3500L * 8192);
    }

    [Fact]
    public void ConnectedEngines_LeaveNoNativeMemory()
    {
        void Round(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var pair = new PeerPair(new VirtualNetwork(seed: i));
                Assert.True(pair.Connect());
                pair.Agent.Engine.Close(pair.Network.Now);
            }
        }

        // A connected one holds about 50 KiB.
        AssertNoGrowth(() => Round(150), leastLeak: 150L * 2 * 40_960);
    }

    [Fact]
    public void AfterDispose_EverythingIsRefusedQuietly()
    {
        using var pair = new PeerPair(new VirtualNetwork(seed: 1));
        Assert.True(pair.Connect());
        var hub = pair.Hub.Engine;

        hub.Dispose();
        hub.Dispose();

        Assert.Equal(PeerState.Closed, hub.State);
        Assert.Equal(DatagramKind.Dropped, hub.OnDatagram(Packets.Rtp(1, 1, 10), VirtualNetwork.Address(2), pair.Network.Now, out _));
        Assert.Equal(0, hub.ProtectRtp(Packets.Rtp(1, 1, 10), [], new byte[100]));
        hub.OnTime(pair.Network.Now);
        hub.Close(pair.Network.Now);
        Assert.Null(hub.NextDeadline);
    }

    // Other tests run in the same process and grow it for a while; a leak shows in every round.
    private static void AssertNoGrowth(Action round, long leastLeak)
    {
        round();
        var least = long.MaxValue;
        for (var i = 0; i < 3 && least > leastLeak / 2; i++)
        {
            var before = ResidentBytes();
            round();
            least = Math.Min(least, ResidentBytes() - before);
        }

        Assert.True(least <= leastLeak / 2, $"grew by {least >> 10} KiB or more in every round");
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
