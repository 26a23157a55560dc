using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>Log events 4100–4119. No payload is ever an argument here.</summary>
internal static partial class OutboxLog
{
    [LoggerMessage(4100, LogLevel.Error, "The outbox is damaged ({Reason}); it was set aside in {Folder} and a new one begun")]
    public static partial void Damaged(this ILogger log, string reason, string folder);

    [LoggerMessage(4101, LogLevel.Error, "The outbox cannot write ({Reason}); evidence waits in memory")]
    public static partial void CannotWrite(this ILogger log, string reason);

    [LoggerMessage(4102, LogLevel.Information, "The outbox writes again; {Count} records were written that had waited in memory")]
    public static partial void WritesAgain(this ILogger log, int count);

    [LoggerMessage(4103, LogLevel.Warning, "The outbox is at level {Level}: {Used} of {Quota} bytes")]
    public static partial void LevelChanged(this ILogger log, OutboxLevel level, long used, long quota);

    [LoggerMessage(4104, LogLevel.Warning, "{Stream} {Sequence} ({Type}) was refused {Times} times ({Refusal}) and is kept aside")]
    public static partial void DeadLetter(this ILogger log, string stream, long sequence, string type, long times, string refusal);

    [LoggerMessage(4105, LogLevel.Error, "The hub holds other records of ours in {Stream} of epoch {Epoch}: another machine uses this identity, or the data folder was put back to an earlier state. A new epoch begins; {Count} records go with it")]
    public static partial void NewEpoch(this ILogger log, string stream, Guid epoch, int count);

    [LoggerMessage(4106, LogLevel.Warning, "{Stream}: {Count} records gave way to more important ones")]
    public static partial void GaveWay(this ILogger log, string stream, long count);

    [LoggerMessage(4107, LogLevel.Warning, "Records wait for the hub: {Refusal}")]
    public static partial void SendRefused(this ILogger log, SendRefusal refusal);

    [LoggerMessage(4108, LogLevel.Information, "The hub has all records again")]
    public static partial void AllHandedIn(this ILogger log);

    [LoggerMessage(4109, LogLevel.Warning, "The device's clock was set by {Milliseconds} ms")]
    public static partial void ClockSet(this ILogger log, long milliseconds);

    [LoggerMessage(4110, LogLevel.Error, "Memory for waiting evidence is full: {Count} records are lost")]
    public static partial void Lost(this ILogger log, long count);
}
