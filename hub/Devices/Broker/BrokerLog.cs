namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>Log events 2120–2149. No password is ever an argument here.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(2120, LogLevel.Warning, "There is no Mosquitto with its dynamic-security plugin on this machine (package mosquitto): lessons run, devices' health is not watched")]
    public static partial void BrokerMissing(this ILogger log);

    [LoggerMessage(2121, LogLevel.Information, "Broker started: process {ProcessId}, devices connect to port {Port}")]
    public static partial void BrokerStarted(this ILogger log, int processId, int port);

    [LoggerMessage(2122, LogLevel.Information, "Broker stopped")]
    public static partial void BrokerStopped(this ILogger log);

    [LoggerMessage(2123, LogLevel.Warning, "Broker ended with {ExitCode}; it is started again")]
    public static partial void BrokerEnded(this ILogger log, int exitCode);

    [LoggerMessage(2124, LogLevel.Error, "Broker cannot be started: {Fault}")]
    public static partial void BrokerCannotStart(this ILogger log, string fault);

    [LoggerMessage(2125, LogLevel.Warning, "A broker of an earlier hub (process {ProcessId}) was ended")]
    public static partial void LeftOverEnded(this ILogger log, int processId);

    [LoggerMessage(2126, LogLevel.Warning, "Broker cannot write its users' file, which is written anew at its next start: {Line}")]
    public static partial void BrokerCannotSave(this ILogger log, string line);

    [LoggerMessage(2127, LogLevel.Warning, "Broker: {Line}")]
    public static partial void BrokerError(this ILogger log, string line);

    [LoggerMessage(2128, LogLevel.Warning, "Broker: {Line}")]
    public static partial void BrokerWarning(this ILogger log, string line);

    [LoggerMessage(2129, LogLevel.Debug, "Broker: {Line}")]
    public static partial void BrokerSaid(this ILogger log, string line);

    [LoggerMessage(2130, LogLevel.Information, "Broker's users agree with the database: {Ghosts} removed, {Changed} changed, {Created} created")]
    public static partial void Reconciled(this ILogger log, int ghosts, int changed, int created);

    [LoggerMessage(2131, LogLevel.Warning, "The broker lacks {Missing} users and is started anew with them")]
    public static partial void RestartForUsers(this ILogger log, int missing);

    [LoggerMessage(2132, LogLevel.Warning, "The external broker lacks {Missing} users; each gets a new password when its device asks")]
    public static partial void UsersMissing(this ILogger log, int missing);

    [LoggerMessage(2133, LogLevel.Warning, "The broker did not do '{Change}': {Refusal}; it is tried again at the next reconciliation")]
    public static partial void ChangeRefused(this ILogger log, string change, BrokerRefusal refusal);

    [LoggerMessage(2134, LogLevel.Warning, "Administrator's link to the broker is down ({Reason}: {Words}); next attempt in {Pause}")]
    public static partial void AdminDown(this ILogger log, ThreeClassrooms.Mqtt.MqttReason reason, string? words, TimeSpan pause);

    [LoggerMessage(2135, LogLevel.Error, "{File} is damaged and was set aside; the broker goes on without it")]
    public static partial void BrokerFileSetAside(this ILogger log, string file);
}
