using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Devices.Link;

/// <summary>Log events 2150–2159.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(2150, LogLevel.Information, "Connected to the broker (session taken up: {SessionPresent})")]
    public static partial void LinkUp(this ILogger log, bool sessionPresent);

    [LoggerMessage(2151, LogLevel.Warning, "Connection to the broker lost ({Reason}: {Words}); next attempt in {Pause}")]
    public static partial void LinkDown(this ILogger log, MqttReason reason, string? words, TimeSpan pause);

    [LoggerMessage(2152, LogLevel.Warning, "The broker refuses the hub's subscription ({Subscribed}) or birth ({Birth})")]
    public static partial void GreetingRefused(this ILogger log, string subscribed, MqttReason birth);

    [LoggerMessage(2153, LogLevel.Debug, "Device {DeviceId} online: {Online}, reason {Reason}, kept by the broker: {Retained}")]
    public static partial void DeviceState(this ILogger log, string deviceId, bool online, string? reason, bool retained);

    [LoggerMessage(2154, LogLevel.Warning, "Device {DeviceId} sends more messages than one device may; the rest is dropped")]
    public static partial void TooManyMessages(this ILogger log, string deviceId);
}
