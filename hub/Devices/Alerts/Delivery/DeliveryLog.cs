namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>Log events 2350–2369. No address, token or secret is ever an argument here, and no exception that could hold one.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(2350, LogLevel.Information, "Channel {ChannelId} was sent {Count} message(s)")]
    public static partial void Sent(this ILogger log, Guid channelId, int count);

    [LoggerMessage(2351, LogLevel.Warning, "Channel {ChannelId} did not take {Count} message(s): {Fault}, try {Tries}")]
    public static partial void NotTaken(this ILogger log, Guid channelId, int count, DeliveryFault fault, int tries);

    [LoggerMessage(2352, LogLevel.Warning, "{Count} message(s) to channel {ChannelId} were laid aside for staff: {Fault}")]
    public static partial void LaidAside(this ILogger log, int count, Guid channelId, DeliveryFault fault);

    [LoggerMessage(2353, LogLevel.Information, "{Count} message(s) were being sent when the hub stopped: they are sent again and may arrive twice")]
    public static partial void Recovered(this ILogger log, int count);

    [LoggerMessage(2354, LogLevel.Error, "Sending to channel {ChannelId} failed in the hub: {Exception}")]
    public static partial void SendFailed(this ILogger log, Guid channelId, string exception);

    [LoggerMessage(2355, LogLevel.Error, "A step of the delivery of alerts failed")]
    public static partial void StepFailed(this ILogger log, Exception fault);
}
