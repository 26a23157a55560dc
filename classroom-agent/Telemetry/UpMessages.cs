using System.Text.Json;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>What a device sends, as its kind is sent: see <see cref="UpKind"/>. Pure.</summary>
internal static class UpMessages
{
    /// <summary>A reading of a minute ago is of no use to anybody.</summary>
    private static readonly TimeSpan MetricsExpiry = TimeSpan.FromSeconds(120);

    public static MqttMessage Of<T>(string deviceId, UpKind kind, T report) => new(
        FleetTopics.Up(deviceId, kind), JsonSerializer.SerializeToUtf8Bytes(report, Wire.Json),
        kind == UpKind.Metrics ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce,
        Retain: kind is UpKind.State or UpKind.Hardware or UpKind.Reported,
        Expiry: kind == UpKind.Metrics ? MetricsExpiry : null,
        ContentType: "application/json");
}
