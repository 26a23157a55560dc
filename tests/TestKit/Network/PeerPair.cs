using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.TestKit.Network;

/// <summary>A lite hub engine and a full agent engine that know each other's credentials, on one <see cref="VirtualNetwork"/>. Dispose frees both.</summary>
public sealed class PeerPair : IDisposable
{
    private static readonly DtlsIdentity HubIdentity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));
    private static readonly DtlsIdentity AgentIdentity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));

    /// <param name="hub">Changes to the hub's settings.</param>
    /// <param name="agent">Changes to the agent's settings.</param>
    /// <param name="tcp">Also give both a framed TCP connection.</param>
    /// <param name="identity">The agent's; null: one that all pairs share.</param>
    public PeerPair(
        VirtualNetwork network, Func<PeerSettings, PeerSettings>? hub = null, Func<PeerSettings, PeerSettings>? agent = null, bool tcp = false,
        DtlsIdentity? identity = null)
    {
        identity ??= AgentIdentity;
        Network = network;
        var hubTcp = tcp ? VirtualNetwork.Address(1, 5001, connection: 1) : (TransportAddress?)null;
        var agentTcp = tcp ? VirtualNetwork.Address(2, 40000, connection: 2) : (TransportAddress?)null;
        var ofHub = new PeerSettings
        {
            IceLite = true,
            DtlsClient = false,
            LocalUfrag = "hubUfrag",
            LocalPwd = "hub-password-of-22-char",
            RemoteUfrag = "agentUfrag",
            RemotePwd = "agent-password-22-chars",
            RemoteFingerprint = identity.Fingerprint,
            Seed = 1,
        };
        var ofAgent = new PeerSettings
        {
            IceLite = false,
            DtlsClient = true,
            LocalUfrag = ofHub.RemoteUfrag,
            LocalPwd = ofHub.RemotePwd,
            RemoteUfrag = ofHub.LocalUfrag,
            RemotePwd = ofHub.LocalPwd,
            RemoteFingerprint = HubIdentity.Fingerprint,
            RemoteCandidates = hubTcp is { } t ? [VirtualNetwork.Address(1), t] : [VirtualNetwork.Address(1)],
            Seed = 2,
        };
        Hub = new EngineNode(new PeerEngine(hub?.Invoke(ofHub) ?? ofHub, HubIdentity, network.Now));
        Agent = new EngineNode(new PeerEngine(agent?.Invoke(ofAgent) ?? ofAgent, identity, network.Now));
        HubPort = network.Attach(Hub, VirtualNetwork.Address(1), hubTcp);
        AgentPort = network.Attach(Agent, VirtualNetwork.Address(2), agentTcp);
    }

    public VirtualNetwork Network { get; }

    public EngineNode Hub { get; }

    public EngineNode Agent { get; }

    public NetworkPort HubPort { get; }

    public NetworkPort AgentPort { get; }

    public bool BothConnected => Hub.Engine.State == PeerState.Connected && Agent.Engine.State == PeerState.Connected;

    /// <summary>True when both sides are connected within the limit of virtual time (default 10 s).</summary>
    public bool Connect(TimeSpan? limit = null) => Network.RunUntil(() => BothConnected, limit ?? TimeSpan.FromSeconds(10));

    public void Dispose()
    {
        Hub.Engine.Dispose();
        Agent.Engine.Dispose();
    }
}
