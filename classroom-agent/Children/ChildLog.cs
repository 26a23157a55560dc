using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Children;

internal static partial class ChildLog
{
    [LoggerMessage(3001, LogLevel.Debug, "{Name} started as process {Pid}")]
    public static partial void ChildStarted(this ILogger log, string name, int pid);

    [LoggerMessage(3002, LogLevel.Warning, "{Name} (process {Pid}) ended with {Code}: {LastLines}")]
    public static partial void ChildEnded(this ILogger log, string name, int pid, int code, string lastLines);

    [LoggerMessage(3005, LogLevel.Debug, "{Name} (process {Pid}) was stopped")]
    public static partial void ChildStopped(this ILogger log, string name, int pid);

    [LoggerMessage(3003, LogLevel.Debug, "{Name}: {Line}")]
    public static partial void ChildSaid(this ILogger log, string name, string line);

    [LoggerMessage(3004, LogLevel.Error, "{Name} cannot be started: {Reason}")]
    public static partial void ChildMissing(this ILogger log, string name, string reason);
}
