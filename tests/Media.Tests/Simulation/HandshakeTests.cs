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
        Assert.True(pair.Agent.SendRtp(Packets.Rtp(1, 7, 500)));
        Assert.True(pair.Hub.SendRtp(Packets.Rtp(2, 9, 1100)));
        Assert.True(pair.Hub.SendRtcp(Packets.ReceiverReport(3)));
        network.RunFor(TimeSpan.FromMilliseconds(10));
        Assert.Equal(Packets.Rtp(1, 7, 500), Assert.Single(pair.Hub.Received).Plain);
        Assert.Equal([DatagramKind.Rtp, DatagramKind.Rtcp], pair.Agent.Received.Select(r => r.Kind));
        Assert.Equal(Packets.Rtp(2, 9, 1100), pair.Agent.Received[0].Plain);
        Assert.Equal(Packets.ReceiverReport(3), pair.Agent.Received[1].Plain);
    }
}
