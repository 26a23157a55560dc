namespace ThreeClassrooms.Mqtt;

/// <summary>Quality of service (MQTT 5 §4.3). Exactly-once is not used: what must count once has its own acknowledgement.</summary>
public enum MqttQos
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
}

/// <summary>One message, to send or received.</summary>
/// <param name="Payload">At most 262,144 bytes with topic and properties. Sent: must not change until the publish has completed. Received: the receiver's own copy.</param>
/// <param name="Retain">Sent: the broker keeps it for later subscribers; an empty payload removes what it kept. Received: it was kept, it is not news.</param>
/// <param name="Expiry">The broker drops it undelivered after so long, rounded up to whole seconds; null: never. Received: what is left of it.</param>
/// <param name="CorrelationData">Comes back unchanged in the answer on <paramref name="ResponseTopic"/>; empty: none.</param>
/// <param name="UserProperties">At most 8, never secrets; null: none.</param>
public sealed record MqttMessage(
    string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain = false, TimeSpan? Expiry = null, string? ResponseTopic = null,
    ReadOnlyMemory<byte> CorrelationData = default, IReadOnlyList<KeyValuePair<string, string>>? UserProperties = null, string? ContentType = null);

/// <param name="Filter">With <c>+</c> and <c>#</c> as MQTT 5 §4.7 has them.</param>
public sealed record MqttSubscription(string Filter, MqttQos Qos);

/// <summary>What the broker publishes for a connection that ends without a farewell (MQTT 5 §3.1.2.5).</summary>
/// <param name="Delay">A connection of the same client id within it suppresses the will; whole seconds. Shorter than the session's expiry.</param>
public sealed record MqttWill(MqttMessage Message, TimeSpan Delay);
