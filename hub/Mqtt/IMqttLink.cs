namespace ThreeClassrooms.Mqtt;

/// <summary>
/// One MQTT 5 connection that comes back by itself. Calls are thread-safe; what a link cannot do is a value, not an exception.
/// Two implementations: libmosquitto (the one that is built) and MQTTnet (<c>-p:MqttClient=MQTTnet</c>); <see cref="MqttLinks"/> makes the one there is.
/// </summary>
public interface IMqttLink : IAsyncDisposable
{
    /// <summary>Between a CONNACK and the end of that connection.</summary>
    bool IsUp { get; }

    /// <summary>Up, down, or an attempt failed; raised in order on one task, together with <see cref="Received"/>. Must not block.</summary>
    event Action<MqttLinkChange>? Changed;

    /// <summary>Raised in order on one task. Must not block: while many messages wait, nothing more is read from the broker.</summary>
    event Action<MqttMessage>? Received;

    /// <summary>
    /// Completes at PUBACK with its reason code (QoS 1), or at hand-over to the connection (QoS 0). Without a connection it completes at once with
    /// <see cref="MqttReason.NotConnected"/>; when the connection ends first, with <see cref="MqttReason.ConnectionLost"/>: the message may have arrived. Nothing is
    /// queued or repeated behind the caller's back.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/>; the message may still arrive.</exception>
    Task<MqttPublishResult> PublishAsync(MqttMessage message, CancellationToken stop);

    /// <summary>Completes at SUBACK, with one reason code per filter in their order.</summary>
    Task<MqttSubscribeResult> SubscribeAsync(IReadOnlyList<MqttSubscription> filters, CancellationToken stop);

    /// <summary>Connects and reconnects (see <see cref="ReconnectPolicy"/>) until stopped; then says DISCONNECT 0x00, so that the will is not published. Called once.</summary>
    Task RunAsync(CancellationToken stop);

    /// <summary>Ends a pause before the next attempt: there is reason to believe that it will succeed now (a new password, a network that came back).</summary>
    void TryNow();
}

/// <param name="Up">False: a connection ended or could not be made.</param>
/// <param name="SessionPresent">Of an up: the broker still had the session, with its subscriptions and undelivered messages.</param>
/// <param name="Words">The cause in the library's words, for the log; null: none.</param>
/// <param name="RetryIn">Of a down: the pause before the next attempt.</param>
/// <param name="TakenOver">Of a down: another machine uses this identity.</param>
public sealed record MqttLinkChange(bool Up, bool SessionPresent, MqttReason Reason, string? Words = null, TimeSpan RetryIn = default, bool TakenOver = false);

/// <param name="Words">For the log; null: none.</param>
public sealed record MqttPublishResult(MqttReason Reason, string? Words = null)
{
    /// <summary>The broker has taken it (QoS 1) or it was handed to the connection (QoS 0).</summary>
    public bool IsOk => !Reason.IsFailure();
}

/// <param name="Reasons">One per filter; a single one when the request as a whole failed.</param>
public sealed record MqttSubscribeResult(IReadOnlyList<MqttReason> Reasons)
{
    public bool IsOk => Reasons.All(r => !r.IsFailure());
}
