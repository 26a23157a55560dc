using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>How a device's link to the broker is made; <see cref="Ordinary"/> but in simulations and trials.</summary>
/// <param name="Boot">Of the machine that the link belongs to.</param>
/// <param name="Create">Makes one link; called for every broker that is turned to.</param>
/// <param name="Version">Of the agent, as it says it.</param>
internal sealed record LinkMaking(Guid Boot, Func<MqttLinkSettings, TimeProvider, IMqttLink> Create, LinkPace Pace, string Version)
{
    public static LinkMaking Ordinary { get; } = new(MachineBoot.Id, MqttLinks.Create, LinkPace.Ordinary, AgentVersion.Current);
}

/// <summary>The times by which a lost device is known to be lost.</summary>
/// <param name="KeepAliveAtLeast">5 s or more; the broker counts a silent device as dead after 1.5 times its keep-alive.</param>
/// <param name="KeepAliveJitter">Up to so much longer, at random.</param>
internal sealed record LinkPace(TimeSpan KeepAliveAtLeast, TimeSpan KeepAliveJitter)
{
    /// <summary>
    /// 10 to 14 s: a device whose network is pulled is found dead after 1.5 times this, the hub waits 15 s for it to come back, and the board is to show it within
    /// 45 s.
    /// </summary>
    public static LinkPace Ordinary { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(4));
}
