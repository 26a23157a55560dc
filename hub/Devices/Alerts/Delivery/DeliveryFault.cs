namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>Why a message did not arrive. Each has words that say what staff should do. Stored by name.</summary>
internal enum DeliveryFault
{
    /// <summary>No connection: no route, no name, refused, broken off.</summary>
    Unreachable,
    Timeout,

    /// <summary>The other side's certificate is not trusted, or TLS is not offered.</summary>
    NoTrust,

    /// <summary>5xx, or the service calls itself busy.</summary>
    ServerBusy,

    /// <summary>An answer that is none of those the service documents.</summary>
    OddAnswer,
    RateLimited,

    /// <summary>The signing secret is wrong or missing.</summary>
    WrongSign,

    /// <summary>The hub's clock and the service's differ too much.</summary>
    ClockSkew,
    KeywordMissing,

    /// <summary>The robot takes messages from listed addresses only.</summary>
    AddressNotAllowed,

    /// <summary>The address' token is unknown: the robot was removed or the address mistyped.</summary>
    BadToken,

    /// <summary>The robot was switched off, or its group dissolved.</summary>
    RobotOff,

    /// <summary>The service does not take this message, however often it is sent.</summary>
    BadMessage,

    /// <summary>Refused with another code.</summary>
    Refused,

    /// <summary>The hub does not connect there: a private address, another host than the robot's, a redirect.</summary>
    ForbiddenAddress,

    /// <summary>The channel's secrets cannot be decrypted: the hub's keys were lost.</summary>
    SecretsLost,
    MailSignIn,
    MailRecipient,

    /// <summary>Waited too long.</summary>
    Expired,

    /// <summary>The hub's own fault; its log says which.</summary>
    Internal,
}

/// <summary>What became of one try.</summary>
/// <param name="Fault">Null: it arrived.</param>
/// <param name="Detail">The service's own words, without secrets; at most <see cref="LongestDetail"/> characters.</param>
/// <param name="Wait">The service asked to wait for so long.</param>
internal readonly record struct DeliveryOutcome(DeliveryFault? Fault, string? Detail = null, TimeSpan? Wait = null)
{
    public const int LongestDetail = 200;

    public static readonly DeliveryOutcome Sent;

    public bool Arrived => Fault is null;

    /// <summary>Cuts the detail and takes line ends and other control characters out of it.</summary>
    public static DeliveryOutcome Failed(DeliveryFault fault, string? detail = null, TimeSpan? wait = null)
    {
        string? clean = detail is null ? null : string.Concat(detail.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return new(fault, clean is { Length: > LongestDetail } ? clean[..LongestDetail] : clean, wait);
    }
}
