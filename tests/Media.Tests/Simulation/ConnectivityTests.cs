using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.TestKit.Network;

namespace ThreeClassrooms.Media.Tests.Simulation;

public sealed class ConnectivityTests
{
    private static readonly LinkConditions Dark = new() { Blackout = true };
    private static readonly LinkConditions OnlyTcp = new() { UdpBlocked = true };

    [Fact]
    public void NatRebinding_MediaFollowsAfterTheNextCheck()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());
        var moved = VirtualNetwork.Address(77, 1234);

        pair.AgentPort.Udp = moved;
        Assert.True(network.RunUntil(() => pair.Hub.Engine.Selected == moved, TimeSpan.FromSeconds(8)), network.Describe());

        HandshakeTests.AssertMediaFlows(pair);
    }

    [Fact]
    public void MediaFromAnAddressThatNoCheckValidated_IsDropped()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());

        pair.AgentPort.Udp = VirtualNetwork.Address(66);
        Assert.True(pair.Agent.SendRtp(Packets.Rtp(1, 7, 100)));
        network.RunFor(TimeSpan.FromMilliseconds(10));

        Assert.Empty(pair.Hub.Received);
        Assert.Equal(1, pair.Hub.Engine.Drops[DropReason.UnknownAddress]);
    }

    [Fact]
    public void CheckCopiedByAnOnlooker_DoesNotRedirectTheMedia()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        byte[]? check = null;
        network.Tap = (_, from, _, bytes) => check ??= from == VirtualNetwork.Address(2) ? bytes.ToArray() : null;
        Assert.True(pair.Connect());

        var kind = pair.Hub.Engine.OnDatagram(check!, VirtualNetwork.Address(99), network.Now, out _);

        Assert.Equal(DatagramKind.Dropped, kind);
        Assert.Equal(VirtualNetwork.Address(2), pair.Hub.Engine.Selected);
        Assert.Equal(1, pair.Hub.Engine.Drops[DropReason.UnexpectedStun]);
    }

    [Fact]
    public void QuietLesson_KeepsConsentForTenMinutes()
    {
        var network = new VirtualNetwork(seed: 3);
        using var pair = new PeerPair(network);
        pair.AgentPort.Up = pair.AgentPort.Down = new LinkConditions { Loss = 0.2 };
        Assert.True(pair.Connect());
        var before = pair.AgentPort.Sent;

        network.RunFor(TimeSpan.FromMinutes(10));

        Assert.True(pair.BothConnected, network.Describe());
        Assert.InRange(pair.AgentPort.Sent - before, 100, 300);
    }

    [Fact]
    public void SilentPeer_IsClosedThirtySecondsLater()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());
        network.RunFor(TimeSpan.FromSeconds(20));

        pair.AgentPort.Up = pair.AgentPort.Down = Dark;
        var dark = network.Now;
        Assert.True(network.RunUntil(() => pair.Hub.Engine.State == PeerState.Closed, TimeSpan.FromSeconds(31)), network.Describe());

        Assert.InRange((network.Now - dark).TotalSeconds, 23, 30);
        Assert.Equal(PeerCloseReason.ConsentLost, pair.Hub.Engine.CloseReason);
        Assert.False(pair.Hub.SendRtp(Packets.Rtp(1, 1, 10)), "without consent nothing is sent");
        Assert.True(network.RunUntil(() => pair.Agent.Engine.CloseReason == PeerCloseReason.ConsentLost, TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public void ShortBlackout_HealsByItself()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());

        pair.AgentPort.Up = pair.AgentPort.Down = Dark;
        network.RunFor(TimeSpan.FromSeconds(15));
        pair.AgentPort.Up = pair.AgentPort.Down = LinkConditions.Perfect;
        network.RunFor(TimeSpan.FromSeconds(2));

        HandshakeTests.AssertMediaFlows(pair);
    }

    [Fact]
    public void BlackoutAndNewAddress_IceRestartRecovers()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());
        pair.AgentPort.Up = pair.AgentPort.Down = Dark;
        network.RunFor(TimeSpan.FromSeconds(10));
        pair.AgentPort.Up = pair.AgentPort.Down = LinkConditions.Perfect;
        pair.AgentPort.Udp = VirtualNetwork.Address(5);

        pair.Hub.Engine.RestartIce("newHub", "new-hub-password-22-chr", "newAgent", "new-agent-passwd-22-chr", network.Now);
        pair.Agent.Engine.RestartIce("newAgent", "new-agent-passwd-22-chr", "newHub", "new-hub-password-22-chr", network.Now);
        Assert.True(network.RunUntil(() => pair.Hub.Engine.Selected == VirtualNetwork.Address(5), TimeSpan.FromSeconds(1)), network.Describe());

        HandshakeTests.AssertMediaFlows(pair);
    }

    [Fact]
    public void ChecksUnderTheOldCredentials_AreRefusedAfterARestart()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        Assert.True(pair.Connect());

        pair.Hub.Engine.RestartIce("newHub", "new-hub-password-22-chr", "newAgent", "new-agent-passwd-22-chr", network.Now);
        network.RunFor(TimeSpan.FromSeconds(10));

        Assert.True(pair.Hub.Engine.Drops[DropReason.UnknownUser] > 0);
    }

    [Fact]
    public void UdpBlockedFromTheStart_TcpIsUsedAfterASecond()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network, tcp: true);
        pair.AgentPort.Up = pair.AgentPort.Down = OnlyTcp;
        var start = network.Now;

        Assert.True(pair.Connect(), network.Describe());

        Assert.InRange((network.Now - start).TotalSeconds, 1, 1.2);
        Assert.True(pair.Hub.Engine.Selected!.Value.IsTcp);
        HandshakeTests.AssertMediaFlows(pair);
    }

    [Fact]
    public void UdpAndTcpBothWork_UdpIsUsed()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network, tcp: true);

        Assert.True(pair.Connect(), network.Describe());
        network.RunFor(TimeSpan.FromSeconds(60));

        Assert.Equal(VirtualNetwork.Address(2), pair.Hub.Engine.Selected);
        Assert.Equal(VirtualNetwork.Address(1), pair.Agent.Engine.Selected);
    }

    [Fact]
    public void UdpDiesLater_TcpTakesOver_AndUdpComesBack()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network, tcp: true);
        Assert.True(pair.Connect());
        network.RunFor(TimeSpan.FromSeconds(10));

        pair.AgentPort.Up = pair.AgentPort.Down = OnlyTcp;
        Assert.True(
            network.RunUntil(() => pair.Hub.Engine.Selected!.Value.IsTcp && pair.Agent.Engine.Selected!.Value.IsTcp, TimeSpan.FromSeconds(12)),
            network.Describe());
        HandshakeTests.AssertMediaFlows(pair);

        pair.AgentPort.Up = pair.AgentPort.Down = LinkConditions.Perfect;
        Assert.True(
            network.RunUntil(() => !pair.Hub.Engine.Selected!.Value.IsTcp && !pair.Agent.Engine.Selected!.Value.IsTcp, TimeSpan.FromSeconds(20)),
            network.Describe());
        HandshakeTests.AssertMediaFlows(pair, sequence: 8);
    }

    [Fact]
    public void TcpConnectionCloses_UdpCandidateAddedLaterTakesOver()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network, agent: s => s with { RemoteCandidates = s.RemoteCandidates.Where(c => c.IsTcp).ToList() }, tcp: true);
        Assert.True(pair.Connect());
        Assert.True(pair.Agent.Engine.Selected!.Value.IsTcp);

        pair.Agent.Engine.RemoveRemoteCandidate(pair.Agent.Engine.Selected.Value, network.Now);
        pair.AgentPort.Tcp = null;
        pair.Agent.Engine.AddRemoteCandidate(VirtualNetwork.Address(1));
        Assert.True(network.RunUntil(() => pair.Agent.Engine.Selected == VirtualNetwork.Address(1), TimeSpan.FromSeconds(1)), network.Describe());
        Assert.True(network.RunUntil(() => pair.Hub.Engine.Selected == VirtualNetwork.Address(2), TimeSpan.FromSeconds(3)), network.Describe());

        HandshakeTests.AssertMediaFlows(pair);
    }

    [Fact]
    public void TwoFullAgentsThatBothWantControl_SettleTheConflict()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(
            network, hub: s => s with { IceLite = false, RemoteCandidates = [VirtualNetwork.Address(2)] });

        Assert.True(pair.Connect(), network.Describe());

        HandshakeTests.AssertMediaFlows(pair);
        network.RunFor(TimeSpan.FromMinutes(1));
        Assert.True(pair.BothConnected);
    }

    [Fact]
    public void DtlsThatOvertakesTheCheck_IsKeptForIt()
    {
        var network = new VirtualNetwork(seed: 1);
        using var pair = new PeerPair(network);
        var held = new List<byte[]>();
        using var slow = new PeerPair(new VirtualNetwork(seed: 2));
        slow.Network.Tap = (_, from, _, bytes) => held.Add(bytes.ToArray());
        Assert.True(slow.Connect());
        var hello = held.First(d => d[0] == 22);

        Assert.Equal(DatagramKind.Handled, pair.Hub.Engine.OnDatagram(hello, VirtualNetwork.Address(2), network.Now, out _));
        Assert.False(pair.Hub.Engine.TryTake(new byte[2048], out _, out _));

        Assert.True(network.RunUntil(() => pair.HubPort.Sent > 1, TimeSpan.FromMilliseconds(3)), network.Describe());
    }
}
