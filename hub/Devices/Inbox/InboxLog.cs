using System.Diagnostics.Metrics;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>Log events 2160–2179. No payload is ever an argument here.</summary>
internal static partial class InboxLog
{
    [LoggerMessage(2160, LogLevel.Warning, "Device {DeviceId}, epoch {Epoch}, {Stream} {Sequence}: set aside, {Reason}")]
    public static partial void SetAside(this ILogger log, string deviceId, Guid epoch, string stream, long sequence, ConflictReason reason);

    [LoggerMessage(2161, LogLevel.Warning, "Device {DeviceId}, epoch {Epoch}, {Stream} {Sequence}: refused, {Refusal}")]
    public static partial void RecordRefused(this ILogger log, string deviceId, Guid epoch, string stream, long sequence, RecordRefusal refusal);

    [LoggerMessage(2162, LogLevel.Warning, "Device {DeviceId}, epoch {Epoch}, {Stream} {From} to {Through}: will never come, {Reason}")]
    public static partial void Dropped(this ILogger log, string deviceId, Guid epoch, string stream, long from, long through, DropReason reason);

    [LoggerMessage(2163, LogLevel.Error, "Device {DeviceId}, {Stream}: a batch could not be stored; the device keeps it")]
    public static partial void NotStored(this ILogger log, string deviceId, string stream, Exception fault);

    [LoggerMessage(2164, LogLevel.Debug, "Device {DeviceId}, {Stream}: batch refused, {Code}")]
    public static partial void BatchRefused(this ILogger log, string deviceId, string stream, string code);

    [LoggerMessage(2165, LogLevel.Error, "Device {DeviceId}, epoch {Epoch}, {Stream} {Sequence}: no database takes this record; it is refused")]
    public static partial void NotStorable(this ILogger log, string deviceId, Guid epoch, string stream, long sequence, Exception fault);
}

/// <summary>What came in since the hub was started; meter <c>ThreeClassrooms.Inbox</c>.</summary>
internal static class InboxCounters
{
    private static readonly Meter Meter = new("ThreeClassrooms.Inbox");

    public static readonly Counter<long> Kept = Meter.CreateCounter<long>("inbox.kept");

    public static readonly Counter<long> Duplicates = Meter.CreateCounter<long>("inbox.duplicates");

    public static readonly Counter<long> Conflicts = Meter.CreateCounter<long>("inbox.conflicts");

    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("inbox.refused");
}
