using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.TestKit.Network;

/// <summary>A node's place on the network: its addresses and the state of its line. Made by <see cref="VirtualNetwork.Attach"/>.</summary>
public sealed class NetworkPort
{
    internal NetworkPort(INetworkNode node, TransportAddress udp, TransportAddress? tcp) => (Node, Udp, Tcp) = (node, udp, tcp);

    public INetworkNode Node { get; }

    /// <summary>What the others see as the sender. Setting it is a NAT rebinding: the old address is dead at once.</summary>
    public TransportAddress Udp { get; set; }

    /// <summary>What the others see on a framed TCP connection; null: this node has none. TCP neither loses nor reorders.</summary>
    public TransportAddress? Tcp { get; set; }

    /// <summary>From the node into the network.</summary>
    public LinkConditions Up { get; set; } = LinkConditions.Perfect;

    /// <summary>From the network to the node.</summary>
    public LinkConditions Down { get; set; } = LinkConditions.Perfect;

    /// <summary>Datagrams this node has sent.</summary>
    public long Sent { get; internal set; }

    internal MonoTime UpFree { get; set; }

    internal MonoTime DownFree { get; set; }

    internal MonoTime TcpArrival { get; set; }
}
