using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Log events 2180–2199.</summary>
internal static partial class CommandLog
{
    [LoggerMessage(2180, LogLevel.Information, "Command {Kind} {CommandId} to {DeviceId}: {State} {Reason}")]
    public static partial void CommandMoved(this ILogger log, CommandKind kind, Guid commandId, string deviceId, CommandState state, string? reason);

    [LoggerMessage(2181, LogLevel.Error, "Commands could not be driven on; tried again")]
    public static partial void StepFailed(this ILogger log, Exception fault);
}
