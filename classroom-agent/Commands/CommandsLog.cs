using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Commands;

internal static partial class CommandsLog
{
    [LoggerMessage(5007, LogLevel.Information, "Buttons and keys in the room cannot be heard: {Reason}")]
    public static partial void KeysRefused(this ILogger log, string reason);

    [LoggerMessage(5001, LogLevel.Warning, "No local control at {Path}: {Reason}")]
    public static partial void ControlMissing(this ILogger log, string path, string reason);

    [LoggerMessage(5002, LogLevel.Information, "Agent {DeviceId} ({Role}) of {Classroom} for {Hub}; source {Source}, playback {Playback}")]
    public static partial void AgentStarted(this ILogger log, string deviceId, Contracts.DeviceRole role, string classroom, Uri hub, Capture.SourceKind source, Playback.PlaybackMode playback);

    [LoggerMessage(5003, LogLevel.Error, "A part of the agent failed")]
    public static partial void PartFailed(this ILogger log, Exception e);
}
