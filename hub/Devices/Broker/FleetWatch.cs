namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>Whether the hub sees its devices' health.</summary>
internal enum FleetWatch
{
    /// <summary>Connected to the broker.</summary>
    Watching,

    /// <summary>There is no broker program on this machine. Lessons run; health is not watched.</summary>
    BrokerMissing,

    /// <summary>The broker does not run or cannot be reached; the hub keeps trying.</summary>
    BrokerDown,

    /// <summary>Switched off (<c>Mqtt:Mode=Off</c>).</summary>
    Off,
}
