using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>Log events 5200–5219. No password is ever an argument here.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(5200, LogLevel.Information, "Online at the broker (session taken up: {SessionPresent})")]
    public static partial void BrokerOnline(this ILogger log, bool sessionPresent);

    [LoggerMessage(5201, LogLevel.Warning, "Not connected to the broker ({Reason}: {Words}); next attempt in {Pause}")]
    public static partial void BrokerAway(this ILogger log, MqttReason reason, string? words, TimeSpan pause);

    [LoggerMessage(5202, LogLevel.Error, "Another machine uses this device's identity; the next attempt is in {Pause}. Enrol one of the two anew")]
    public static partial void IdentityClash(this ILogger log, TimeSpan pause);

    [LoggerMessage(5203, LogLevel.Warning, "The hub gave no MQTT password ({Refusal}); without one it does not see this device's health")]
    public static partial void NoMqttPassword(this ILogger log, HubRefusal refusal);

    [LoggerMessage(5208, LogLevel.Debug, "The hub watches no health")]
    public static partial void HealthNotWatched(this ILogger log);

    [LoggerMessage(5204, LogLevel.Warning, "The hub did not confirm the new MQTT password ({Refusal}); both are tried")]
    public static partial void MqttPasswordUnconfirmed(this ILogger log, HubRefusal refusal);

    [LoggerMessage(5205, LogLevel.Information, "New MQTT password")]
    public static partial void MqttPasswordRenewed(this ILogger log);

    [LoggerMessage(5206, LogLevel.Warning, "The broker does not let this device say that it is online: {Reason}")]
    public static partial void BirthRefused(this ILogger log, MqttReason reason);

    [LoggerMessage(5207, LogLevel.Warning, "A message on {Topic} was not understood")]
    public static partial void MessageNotUnderstood(this ILogger log, string topic);

    [LoggerMessage(5209, LogLevel.Warning, "A new MQTT password was not taken: the disk does not keep it")]
    public static partial void MqttPasswordNotKept(this ILogger log);

    [LoggerMessage(5210, LogLevel.Information, "Configuration {Version} taken (refused: {Refused})")]
    public static partial void ConfigurationTaken(this ILogger log, long version, string refused);

    [LoggerMessage(5211, LogLevel.Warning, "Configuration {Version} is carried out, but not kept over a restart: the disk does not take it")]
    public static partial void ConfigurationNotKept(this ILogger log, long version);

    [LoggerMessage(5212, LogLevel.Warning, "The broker did not take a report of kind {Kind}: {Reason}")]
    public static partial void ReportRefused(this ILogger log, UpKind kind, MqttReason reason);

    [LoggerMessage(5213, LogLevel.Information, "Command {Kind} ({Id}): {Outcome} {Detail}")]
    public static partial void CommandAnswered(this ILogger log, CommandKind kind, Guid id, CommandOutcome outcome, string? detail);

    [LoggerMessage(5214, LogLevel.Warning, "Command {Kind} failed")]
    public static partial void CommandFailed(this ILogger log, Exception e, CommandKind kind);
}
