using System.Security.Cryptography;
using System.Text;
using ThreeClassrooms.Hub.Seeding;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Why an alert is not told although it stands.</summary>
internal enum AlertMute
{
    None,

    /// <summary>Staff work on the device.</summary>
    Maintenance,

    /// <summary>Staff asked for silence.</summary>
    Silenced,

    /// <summary>The hub itself does not see.</summary>
    HubBlind,

    /// <summary>Its school is cut off: that is the alert.</summary>
    SchoolOffline,
}

/// <summary>How an alert ended.</summary>
internal enum AlertEnding
{
    /// <summary>What was wrong is well again.</summary>
    Recovered,

    /// <summary>The device was disabled or removed.</summary>
    DeviceGone,

    /// <summary>Staff switched the rule off.</summary>
    RuleOff,
}

/// <summary>
/// Something that is or was wrong, from its begin to its end. Immutable; written by the <see cref="AlertLoop"/> only. There is one open alert per
/// fingerprint at most.
/// </summary>
internal sealed record Alert
{
    public Guid Id { get; init; }

    /// <summary>16 hex digits: the same thing at the same place has the same one for ever.</summary>
    public string Fingerprint { get; init; } = "";

    public AlertKind Kind { get; init; }

    /// <summary>Null: the hub's own.</summary>
    public Guid? SchoolId { get; init; }

    public Guid? RoomId { get; init; }

    public string? DeviceId { get; init; }

    /// <summary>Empty: the device as a whole.</summary>
    public string Part { get; init; } = "";

    /// <summary>Names as they were when it was last seen to.</summary>
    public string Town { get; init; } = "";

    public string School { get; init; } = "";

    public string Room { get; init; } = "";

    /// <summary>The reading that decided, in the kind's unit; of a school, how many devices are away.</summary>
    public double? Value { get; init; }

    public AlertSeverity Severity { get; init; }

    /// <summary>The highest that <see cref="Severity"/> ever was.</summary>
    public AlertSeverity Worst { get; init; }

    /// <summary>UTC: when it began.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>UTC: when the hub made an alert of it.</summary>
    public DateTimeOffset RaisedAt { get; init; }

    /// <summary>UTC; null: it is open.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    public AlertEnding? Ending { get; init; }

    /// <summary>UTC: what is wrong is gone since then, but the alert is held open (it flaps, or may return at once); null: it is wrong now.</summary>
    public DateTimeOffset? QuietSince { get; init; }

    public AlertMute Mute { get; init; }

    /// <summary>UTC: it comes and goes so often that its changes are not told; null: it does not.</summary>
    public DateTimeOffset? FlappingSince { get; init; }

    /// <summary>The severity last told; null: not told, or to be told anew.</summary>
    public AlertSeverity? Told { get; init; }

    /// <summary>The highest ever told; null: nobody has heard of it, nor needs to hear that it is over.</summary>
    public AlertSeverity? WorstTold { get; init; }

    /// <summary>It was told that it is over.</summary>
    public bool OverTold { get; init; }

    public bool IsOpen => EndsAt is null;

    /// <summary>Its end is still to be told.</summary>
    public bool OwesAnEnd => EndsAt is not null && WorstTold is not null && !OverTold;

    public string GroupKey => GroupKeyOf(SchoolId, AlertKinds.FamilyOf(Kind));

    public static string GroupKeyOf(Guid? school, AlertFamily family) => school is { } id ? $"{id:N}/{family}" : $"hub/{family}";

    public static string FingerprintOf(AlertKind kind, Guid? school, string? device, string part) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{(device is null ? school : null)}\n{device}\n{part}")), 0, 8);

    /// <summary>The same for the same fingerprint and moment, so that a step gives the same whenever it is taken.</summary>
    public static Guid IdOf(string fingerprint, DateTimeOffset raisedAt) => StableId.Of("alert", fingerprint, raisedAt.ToString("O"));
}

/// <summary>When a group was last told of. Immutable; written by the <see cref="AlertLoop"/> only.</summary>
internal sealed record AlertGroup
{
    /// <summary>See <see cref="Alert.GroupKeyOf"/>; <see cref="Alive"/> is the daily sign of life.</summary>
    public string Key { get; init; } = "";

    /// <summary>Something is to be told since then; null: nothing.</summary>
    public DateTimeOffset? PendingSince { get; init; }

    public DateTimeOffset? NoticedAt { get; init; }

    /// <summary>The last notice that brought something new.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    public const string Alive = "alive";
}
