namespace ThreeClassrooms.Contracts;

/// <summary>What staff may ask of a device.</summary>
public enum CommandKind
{
    /// <summary>自检: runs the readiness check now; the result carries the parts.</summary>
    SelfCheck,

    /// <summary>A still of the camera, as JPEG, uploaded to <see cref="AgentCommand.UploadPath"/>.</summary>
    Snapshot,

    /// <summary>Shows a card with the room's name on the screen, 30 s.</summary>
    Identify,

    RestartAgent,
    Reboot,

    /// <summary>The agent's log of the last hours, gzip, uploaded to <see cref="AgentCommand.UploadPath"/>.</summary>
    FetchLogs,

    /// <summary><see cref="AgentCommand.Value"/>: 0 to 100.</summary>
    SetVolume,

    /// <summary><see cref="AgentCommand.Value"/>: 1 muted, 0 not.</summary>
    SetMute,

    StartRecording,
    StopRecording,

    /// <summary>A new version is staged, tried and kept, or rolled back; <see cref="AgentCommand.Text"/> is the version.</summary>
    Update,

    /// <summary>Fetch a new MQTT password over the device API.</summary>
    RotateCredential,
}

/// <summary>Payload of <see cref="FleetTopics.Command"/>. At least once: the agent remembers the last 256 ids.</summary>
/// <param name="ExpiresAt">By the hub's clock; afterwards the agent answers <see cref="CommandOutcome.Expired"/> and does nothing.</param>
public sealed record AgentCommand(Guid Id, CommandKind Kind, DateTimeOffset ExpiresAt, int? Value = null, string? Text = null, string? UploadPath = null);

/// <summary>How far a command came.</summary>
public enum CommandOutcome
{
    /// <summary>Received and begun.</summary>
    Accepted,
    Done,
    Failed,
    Expired,

    /// <summary>This device cannot: no camera, no rights to reboot.</summary>
    Unsupported,
}

/// <summary>Payload of <see cref="UpKind.Result"/>; first Accepted, then one of the others.</summary>
/// <param name="Detail">Stable word of what went wrong; null when done.</param>
public sealed record CommandResult(Guid Id, CommandOutcome Outcome, DateTimeOffset At, string? Detail = null, IReadOnlyList<PartReport>? Parts = null);

/// <summary>What the hub wants a device to be (<see cref="FleetTopics.Desired"/>). Null: the device's own setting stands.</summary>
/// <param name="Version">Rises; the agent reports the one it carries out.</param>
/// <param name="AbsentParts">Declared absent on purpose.</param>
public sealed record DesiredConfiguration(
    long Version, IReadOnlyList<PartKind> AbsentParts, int? Volume = null, int? VideoKbps = null, int? MetricsSeconds = null, string? AgentVersion = null);

/// <summary>What the device does (<see cref="UpKind.Reported"/>).</summary>
/// <param name="Refused">Names of the desired settings that it cannot carry out.</param>
public sealed record ReportedConfiguration(
    long Version, IReadOnlyList<PartKind> AbsentParts, int? Volume, int? VideoKbps, int MetricsSeconds, string AgentVersion, IReadOnlyList<string> Refused);
