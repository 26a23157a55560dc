namespace ThreeClassrooms.Mqtt;

/// <summary>How one link connects. The two functions are asked anew before every connection, on a pool thread.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Tls">Null: plain TCP, for a broker on the same machine.</param>
/// <param name="Password">Not kept and never logged.</param>
/// <param name="KeepAlive">5 s to 18 h; the broker counts the link as dead after 1.5 times this.</param>
/// <param name="CleanStart">True: the first connection begins a new session; later ones take it up again as long as <paramref name="SessionExpiry"/> lets them.</param>
/// <param name="SessionExpiry">How long the broker keeps subscriptions and undelivered messages of a lost link; whole seconds, zero: not at all.</param>
/// <param name="Will">Null: none.</param>
/// <param name="ReceiveMaximum">Unacknowledged QoS 1 messages that the broker may have under way to this link; at least 1.</param>
public sealed record MqttLinkSettings(
    string Host, int Port, MqttTls? Tls, string ClientId, string Username, Func<string> Password, TimeSpan KeepAlive, bool CleanStart, TimeSpan SessionExpiry,
    Func<MqttWill?> Will, ushort ReceiveMaximum)
{
    /// <summary>Passwords are looked up when needed: printing the settings prints none.</summary>
    public override string ToString() => $"{ClientId} at {Host}:{Port}{(Tls is null ? "" : " (TLS)")}";
}

/// <summary>How the broker's certificate is judged (TLS 1.2 or newer).</summary>
/// <param name="TrustFile">PEM file: the authorities believed, or the broker's own self-signed certificate.</param>
/// <param name="NameCounts">
/// True: the certificate must also be made out to <see cref="MqttLinkSettings.Host"/>. False only where <paramref name="TrustFile"/> holds nothing but the one
/// certificate of the broker that is pinned: whoever holds its key is the broker, under whatever name or address it was reached.
/// </param>
public sealed record MqttTls(string TrustFile, bool NameCounts);
