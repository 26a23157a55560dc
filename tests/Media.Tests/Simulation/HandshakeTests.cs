using System.Security.Cryptography;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Srtp;
using ThreeClassrooms.TestKit.Network;

namespace ThreeClassrooms.Media.Tests.Simulation;

public sealed class HandshakeTests
{
    [Fact]
    public void PerfectLine_ConnectsAndCarriesMediaBothWays()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);

        Assert.True(pair.Connect(), network.Describe());

        Assert.Equal(SrtpProfile.AeadAes128Gcm, pair.Hub.Engine.Profile);
        AssertMediaFlows(pair);
        Assert.Equal(0, pair.Hub.Engine.Drops.Total);
        Assert.Equal(0, pair.Agent.Engine.Drops.Total);
    }

    [Fact]
    public void PerfectLine_NeedsThreeRoundTripsAndNoTimer()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        var start = network.Now;

        Assert.True(pair.Connect());

        Assert.True(network.Now - start <= TimeSpan.FromMilliseconds(12), $"{network.Now - start}");
        Assert.NotNull(pair.Agent.Engine.RoundTrip);
        Assert.Equal(4, pair.Agent.Engine.RoundTrip.Value.TotalMilliseconds, 1);
    }

    [Fact]
    public void AgentIsDtlsServer_Connects()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network, hub: s => s with { DtlsClient = true }, agent: s => s with { DtlsClient = false });

        Assert.True(pair.Connect(), network.Describe());

        AssertMediaFlows(pair);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(0.3)]
    public void LossReorderAndDuplication_StillConnects(double loss)
    {
        for (var seed = 1; seed <= 25; seed++)
        {
            var network = new VirtualNetwork(seed);
            using var pair = new PeerPair(network);
            var line = new LinkConditions
            {
                Latency = TimeSpan.FromMilliseconds(20),
                Jitter = TimeSpan.FromMilliseconds(15),
                Loss = loss,
                Reorder = 0.1,
                Duplicate = 0.1,
            };
            (pair.AgentPort.Up, pair.AgentPort.Down) = (line, line);

            Assert.True(pair.Connect(TimeSpan.FromSeconds(30)), network.Describe());

            (pair.AgentPort.Up, pair.AgentPort.Down) = (LinkConditions.Perfect, LinkConditions.Perfect);
            AssertMediaFlows(pair);
        }
    }

    [Fact]
    public void SlowLine_ConnectsWithoutAFloodOfRetransmissions()
    {
        var network = new VirtualNetwork(seed: 4);
        using var pair = new PeerPair(network);
        pair.AgentPort.Up = pair.AgentPort.Down = new LinkConditions { Latency = TimeSpan.FromMilliseconds(300) };

        Assert.True(pair.Connect(), network.Describe());

        Assert.InRange(pair.AgentPort.Sent + pair.HubPort.Sent, 8, 80);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneSideOnlySpeaksCounterMode_BothUseIt(bool theAgent)
    {
        static PeerSettings OnlyCm(PeerSettings s) => s with { SrtpProfiles = [SrtpProfile.Aes128CmSha1] };
        var network = new VirtualNetwork(seed: 1);
        using var pair = theAgent ? new PeerPair(network, agent: OnlyCm) : new PeerPair(network, hub: OnlyCm);

        Assert.True(pair.Connect(), network.Describe());

        Assert.Equal(SrtpProfile.Aes128CmSha1, pair.Hub.Engine.Profile);
        Assert.Equal(SrtpProfile.Aes128CmSha1, pair.Agent.Engine.Profile);
        AssertMediaFlows(pair);
    }

    [Fact]
    public void NoCommonProfile_Closes()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(
            network,
            hub: s => s with { SrtpProfiles = [SrtpProfile.AeadAes128Gcm] },
            agent: s => s with { SrtpProfiles = [SrtpProfile.Aes128CmSha1] });

        network.RunFor(TimeSpan.FromSeconds(5));

        Assert.Equal(PeerCloseReason.NoSrtpProfile, pair.Hub.Engine.CloseReason);
        Assert.Equal(PeerState.Closed, pair.Agent.Engine.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WrongFingerprint_ClosesBothSidesWithoutMedia(bool atTheHub)
    {
        static PeerSettings Wrong(PeerSettings s) => s with { RemoteFingerprint = "sha-256 " + string.Join(':', Enumerable.Repeat("0A", 32)) };
        var network = new VirtualNetwork(seed: 1);
        using var pair = atTheHub ? new PeerPair(network, hub: Wrong) : new PeerPair(network, agent: Wrong);

        network.RunFor(TimeSpan.FromSeconds(5));

        var (deceived, other) = atTheHub ? (pair.Hub, pair.Agent) : (pair.Agent, pair.Hub);
        Assert.Equal(PeerCloseReason.BadFingerprint, deceived.Engine.CloseReason);
        Assert.Equal(PeerCloseReason.DtlsFailed, other.Engine.CloseReason);
        Assert.Equal(0, deceived.Engine.ProtectRtp(Packets.Rtp(1, 1, 10).AsSpan(0, 12), new byte[10], new byte[100]));
        Assert.False(other.SendRtp(Packets.Rtp(1, 1, 10)));
    }

    [Fact]
    public void Close_TellsTheOtherSide()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());

        pair.Agent.Engine.Close(network.Now);
        network.RunFor(TimeSpan.FromMilliseconds(20));

        Assert.Equal(PeerCloseReason.ClosedByUs, pair.Agent.Engine.CloseReason);
        Assert.Equal(PeerCloseReason.ClosedByPeer, pair.Hub.Engine.CloseReason);
        Assert.Null(pair.Hub.Engine.NextDeadline);
    }

    /// <summary>Whoever has heard the other's media keeps of the handshake only what it needs to tell and understand the end.</summary>
    [Theory]
    [InlineData(true, true, true, false)]
    [InlineData(true, true, false, false)]
    [InlineData(true, false, true, false)]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, true, false)]
    [InlineData(false, true, false, false)]
    [InlineData(true, true, true, true)]
    [InlineData(true, true, false, true)]
    public void Close_TellsTheOtherSide_AlsoAfterMedia(bool agentSends, bool hubSends, bool agentCloses, bool hubIsClient)
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network, hub: s => s with { DtlsClient = hubIsClient }, agent: s => s with { DtlsClient = !hubIsClient });
        Assert.True(pair.Connect());
        _ = agentSends && pair.Agent.SendRtp(Packets.Rtp(1, 1, 100));
        _ = hubSends && pair.Hub.SendRtp(Packets.Rtp(2, 1, 100));
        network.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Equal((agentSends, hubSends), (pair.Hub.Engine.KeepsAlertsOnly, pair.Agent.Engine.KeepsAlertsOnly));

        (EngineNode closer, EngineNode other) = agentCloses ? (pair.Agent, pair.Hub) : (pair.Hub, pair.Agent);
        closer.Engine.Close(network.Now);
        network.RunFor(TimeSpan.FromMilliseconds(20));

        Assert.Equal(PeerCloseReason.ClosedByUs, closer.Engine.CloseReason);
        Assert.Equal(PeerCloseReason.ClosedByPeer, other.Engine.CloseReason);
    }

    [Fact]
    public void ForgedAlerts_EndNothing()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());
        AssertMediaFlows(pair);
        Assert.True(pair.Hub.Engine.KeepsAlertsOnly);
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var forged = new byte[13 + 26];
            random.NextBytes(forged);
            byte[] header = [21, 0xFE, 0xFD, 0, (byte)(i % 3), 0, 0, 0, 0, 0, (byte)i, 0, 26];
            header.CopyTo(forged, 0);
            pair.Hub.Engine.OnDatagram(i % 5 == 0 ? [.. forged, .. forged] : forged, VirtualNetwork.Address(2), network.Now, out _);
        }

        Assert.Equal(PeerState.Connected, pair.Hub.Engine.State);
    }

    [Fact]
    public void NobodyAnswers_IceFails()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        pair.AgentPort.Up = new LinkConditions { Blackout = true };

        network.RunFor(TimeSpan.FromSeconds(31));

        Assert.Equal(PeerCloseReason.IceFailed, pair.Agent.Engine.CloseReason);
        Assert.Equal(PeerCloseReason.IceFailed, pair.Hub.Engine.CloseReason);
    }

    [Fact]
    public void ChecksPassButHandshakeDoesNot_DtlsFails()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network, agent: s => s with { DtlsClient = false });

        network.RunFor(TimeSpan.FromSeconds(32));

        Assert.Equal(PeerCloseReason.DtlsFailed, pair.Hub.Engine.CloseReason);
        Assert.Equal(PeerCloseReason.DtlsFailed, pair.Agent.Engine.CloseReason);
    }

    internal static void AssertMediaFlows(PeerPair pair, ushort sequence = 7)
    {
        pair.Hub.Received.Clear();
        pair.Agent.Received.Clear();
        Assert.True(pair.Agent.SendRtp(Packets.Rtp(1, sequence, 500)));
        Assert.True(pair.Hub.SendRtp(Packets.Rtp(2, sequence, 1100)));
        Assert.True(pair.Hub.SendRtcp(Packets.ReceiverReport(3)));
        pair.Network.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.Equal(Packets.Rtp(1, sequence, 500), Assert.Single(pair.Hub.Received).Plain);
        Assert.Equal([DatagramKind.Rtp, DatagramKind.Rtcp], pair.Agent.Received.Select(r => r.Kind));
        Assert.Equal(Packets.Rtp(2, sequence, 1100), pair.Agent.Received[0].Plain);
        Assert.Equal(Packets.ReceiverReport(3), pair.Agent.Received[1].Plain);
    }

    [Theory]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    public void CertificateOnALargerCurve_IsAccepted(string curve)
    {
        using DtlsIdentity identity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56), ECCurve.CreateFromFriendlyName(curve));
        using var pair = new PeerPair(new VirtualNetwork(seed: 3), identity: identity);
        Assert.True(pair.Connect());
    }
}
