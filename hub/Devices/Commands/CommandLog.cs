using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Log events 2180–2199.</summary>
internal static partial class CommandLog
{
    [LoggerMessage(2180, LogLevel.Information, "Command {Kind} {CommandId} to {DeviceId}: {State} {Reason}")]
    public static partial void CommandMoved(this ILogger log, CommandKind kind, Guid commandId, string deviceId, CommandState state, string? reason);

    [LoggerMessage(2182, LogLevel.Error, "Files of commands could not be cleaned up; tried again in an hour")]
    public static partial void FilesNotCleaned(this ILogger log, Exception fault);

    [LoggerMessage(2181, LogLevel.Error, "Commands could not be driven on; tried again")]
    public static partial void StepFailed(this ILogger log, Exception fault);
}
