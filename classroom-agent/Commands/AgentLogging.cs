using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using ThreeClassrooms.Agent.Settings;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>Logs to the console (the journal, as a service) and to a daily file in the data folder, 14 files of at most 10 MiB.</summary>
internal static class AgentLogging
{
    private const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:l}";

    public static string Folder(string data) => Path.Combine(data, "log");

    public static ILoggerFactory Create(AgentOptions options)
    {
        Serilog.Core.Logger logger = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(options.LogLevel))
            .WriteTo.Console(new LogLines(Line))
            .WriteTo.File(
                new LogLines(Line), Path.Combine(Folder(options.Data), "agent-.log"),
                rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14, fileSizeLimitBytes: 10 * 1024 * 1024)
            .CreateLogger();
        return LoggerFactory.Create(builder => builder.SetMinimumLevel(Microsoft.Extensions.Logging.LogLevel.Trace).AddSerilog(logger, dispose: true));
    }
}
