namespace ThreeClassrooms.Mqtt;

/// <summary>Reason codes of MQTT 5 (§2.4), and above 0xFF what this side found out by itself. Values without a name here can occur.</summary>
public enum MqttReason
{
    Success = 0x00,
    GrantedQos1 = 0x01,

    /// <summary>Of a publish: accepted, and nobody listens. No fault.</summary>
    NoMatchingSubscribers = 0x10,

    UnspecifiedError = 0x80,
    MalformedPacket = 0x81,
    ProtocolError = 0x82,
    ClientIdentifierNotValid = 0x85,
    BadUserNameOrPassword = 0x86,
    NotAuthorized = 0x87,
    ServerUnavailable = 0x88,
    ServerBusy = 0x89,
    Banned = 0x8A,
    ServerShuttingDown = 0x8B,
    KeepAliveTimeout = 0x8D,

    /// <summary>Another connection with the same client id: two machines use one identity.</summary>
    SessionTakenOver = 0x8E,
    PacketTooLarge = 0x95,
    QuotaExceeded = 0x97,

    /// <summary>Disconnected by an administrator.</summary>
    AdministrativeAction = 0x98,
    UseAnotherServer = 0x9C,
    ServerMoved = 0x9D,
    ConnectionRateExceeded = 0x9F,

    /// <summary>There was no connection: nothing was sent.</summary>
    NotConnected = 0x100,

    /// <summary>The connection ended without a reason from the broker; what was under way may or may not have arrived.</summary>
    ConnectionLost = 0x101,

    /// <summary>Name not resolved, or no TCP connection, or no CONNACK in time.</summary>
    Unreachable = 0x102,

    /// <summary>The broker's certificate is not the one expected, or no common cipher.</summary>
    TlsFailed = 0x103,

    /// <summary>The client library is not installed (Debian: libmosquitto1).</summary>
    LibraryMissing = 0x104,
}

/// <summary>Readings of reason codes.</summary>
public static class MqttReasons
{
    /// <summary>False from 0x80 on (MQTT 5 §2.4).</summary>
    public static bool IsFailure(this MqttReason reason) => (int)reason >= 0x80;

    /// <summary>The identity itself is refused, or there is no client library: trying again soon is of no use.</summary>
    public static bool IsRefusal(this MqttReason reason) => reason is MqttReason.BadUserNameOrPassword or MqttReason.NotAuthorized or MqttReason.Banned
        or MqttReason.ClientIdentifierNotValid or MqttReason.LibraryMissing;
}
