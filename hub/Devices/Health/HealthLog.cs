namespace ThreeClassrooms.Hub.Devices.Health;

internal static partial class HealthLog
{
    [LoggerMessage(2300, LogLevel.Information, "Device {DeviceId}: {Kind} {Part} is an issue since {Since:O}")]
    public static partial void IssueRaised(this ILogger log, string deviceId, IssueKind kind, string part, DateTimeOffset since);

    [LoggerMessage(2301, LogLevel.Information, "Device {DeviceId}: {Kind} {Part} is over")]
    public static partial void IssueCleared(this ILogger log, string deviceId, IssueKind kind, string part);

    [LoggerMessage(2302, LogLevel.Error, "A step of the devices' health failed; it is tried again")]
    public static partial void StepFailed(this ILogger log, Exception fault);

    [LoggerMessage(2303, LogLevel.Warning, "{Count} minute readings of devices were given up: the database did not take them")]
    public static partial void ReadingsDropped(this ILogger log, long count);

    [LoggerMessage(2304, LogLevel.Error, "Device {DeviceId}: the database refuses its {What}, which is given up; everything else is stored")]
    public static partial void RowRefused(this ILogger log, string deviceId, string what, Exception fault);
}
