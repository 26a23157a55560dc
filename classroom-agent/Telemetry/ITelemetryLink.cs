using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>The device's line to the hub, as telemetry and commands use it; <see cref="AgentLink"/> in production. Thread-safe; handlers must not block.</summary>
internal interface ITelemetryLink
{
    event Action? Online;

    event Action<DesiredConfiguration>? DesiredReceived;

    event Action<AgentCommand>? CommandReceived;

    bool IsOnline { get; }

    /// <summary>Completes when the broker has it; nothing is kept for later.</summary>
    Task<MqttPublishResult> PublishAsync<T>(UpKind kind, T report, CancellationToken stop);

    /// <summary>Asks the broker for something that changes nothing.</summary>
    /// <returns>Until its answer; null: there was none.</returns>
    Task<TimeSpan?> MeasureAsync(CancellationToken stop);

    /// <returns>False: the hub gave no new password.</returns>
    Task<bool> RotateAsync(CancellationToken stop);
}
