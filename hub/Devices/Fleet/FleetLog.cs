namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>Log events 2200–2209.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(2200, LogLevel.Information, "The broker kept messages of {DeviceId}, which is no device: removed")]
    public static partial void GhostCleared(this ILogger log, string deviceId);

    [LoggerMessage(2201, LogLevel.Error, "What the broker keeps could not be compared")]
    public static partial void KeptNotChecked(this ILogger log, Exception fault);
}
