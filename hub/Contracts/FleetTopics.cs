namespace ThreeClassrooms.Contracts;

/// <summary>
/// The MQTT topics between agents and hub. The identity is the credential's: username = client id = device id, and the broker lets a device
/// publish below its own <c>up/</c> and read its own <c>down/</c> only. No personal data ever stands in a topic.
/// </summary>
public static class FleetTopics
{
    /// <summary>Retained, QoS 1: <see cref="HubState"/>, birth and will.</summary>
    public const string HubState = "tc/v1/hub/state";

    /// <summary>What the hub subscribes to: everything that agents send.</summary>
    public const string AllUp = "tc/v1/agents/+/up/#";

    private const string Agents = "tc/v1/agents/";

    /// <summary>Retained, QoS 1: <see cref="AgentState"/>, birth and will on one topic.</summary>
    public static string State(string deviceId) => Up(deviceId, UpKind.State);

    public static string Up(string deviceId, UpKind kind) => $"{Agents}{deviceId}/up/{Word(kind)}";

    /// <summary>Retained, QoS 1: <see cref="DesiredConfiguration"/>.</summary>
    public static string Desired(string deviceId) => $"{Agents}{deviceId}/down/desired";

    /// <summary>QoS 1, never retained, with a message expiry: <see cref="AgentCommand"/>.</summary>
    public static string Command(string deviceId) => $"{Agents}{deviceId}/down/cmd";

    /// <summary>Reads an agent's topic.</summary>
    /// <returns>False for anything that is not <c>tc/v1/agents/ID/up/KIND</c>.</returns>
    public static bool TryReadUp(string topic, out string deviceId, out UpKind kind)
    {
        (deviceId, kind) = ("", default);
        if (!topic.StartsWith(Agents, StringComparison.Ordinal))
        {
            return false;
        }

        string[] levels = topic[Agents.Length..].Split('/');
        if (levels is not [{ Length: > 0 } id, "up", var word])
        {
            return false;
        }

        foreach (UpKind candidate in Enum.GetValues<UpKind>())
        {
            if (Word(candidate) == word)
            {
                (deviceId, kind) = (id, candidate);
                return true;
            }
        }

        return false;
    }

    private static string Word(UpKind kind) => kind switch
    {
        UpKind.State => "state",
        UpKind.Hardware => "hw",
        UpKind.Metrics => "metrics",
        UpKind.Reported => "reported",
        UpKind.Event => "event",
        UpKind.Result => "res",
    };
}

/// <summary>What an agent sends.</summary>
public enum UpKind
{
    /// <summary>Retained, QoS 1: <see cref="AgentState"/>.</summary>
    State,

    /// <summary>Retained, QoS 1, on change: <see cref="HardwareReport"/>.</summary>
    Hardware,

    /// <summary>QoS 0, every 60 s with jitter, expires after 120 s: <see cref="MetricsReport"/>.</summary>
    Metrics,

    /// <summary>Retained, QoS 1: <see cref="ReportedConfiguration"/>.</summary>
    Reported,

    /// <summary>QoS 1: <see cref="FaultEvent"/>.</summary>
    Event,

    /// <summary>QoS 1: <see cref="CommandResult"/>.</summary>
    Result,
}
