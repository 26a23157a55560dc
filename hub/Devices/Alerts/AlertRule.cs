using System.Globalization;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>What staff decided about a kind of alert. A kind without a row is as the product ships it. Written by pages only.</summary>
internal sealed record AlertRule
{
    public AlertKind Kind { get; init; }

    public bool On { get; init; } = true;

    /// <summary>In class and from 15 min before the bell; null: as shipped.</summary>
    public AlertSeverity? InClass { get; init; }

    /// <summary>At every other hour; null: as shipped, which knows the hours before the next lesson from the night.</summary>
    public AlertSeverity? OutsideClass { get; init; }

    /// <summary>It must have lasted so long; null: as shipped.</summary>
    public TimeSpan? MinimumDuration { get; init; }

    /// <summary>Ids of the channels that hear of it, joined by blanks; empty: every channel that takes its severity.</summary>
    public string Channels { get; init; } = "";

    public TimeSpan Duration => MinimumDuration ?? AlertKinds.DurationOf(Kind);

    public bool IsShipped => On && InClass is null && OutsideClass is null && MinimumDuration is null && Channels.Length == 0;

    public IReadOnlyList<Guid> ChannelIds =>
        [.. Channels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => Guid.TryParse(c, CultureInfo.InvariantCulture, out Guid id) ? id : Guid.Empty).Where(id => id != Guid.Empty)];

    /// <summary>A channel that is not in use any more is nobody's ear: where none of those named is left, all hear of it.</summary>
    public AlertRule To(IReadOnlySet<Guid> inUse) => Channels.Length == 0 ? this : this with { Channels = string.Join(' ', ChannelIds.Where(inUse.Contains)) };

    public AlertSeverity SeverityAt(RoomMoment moment) =>
        (moment == RoomMoment.InClass ? InClass : OutsideClass) ?? AlertKinds.SeverityOf(Kind, moment);
}

/// <summary>"Nobody needs to hear of this until …". Each of the four that is set must fit. Written by pages only; it ends by itself.</summary>
internal sealed class AlertSilence
{
    public Guid Id { get; set; }

    public Guid? SchoolId { get; set; }

    public Guid? RoomId { get; set; }

    public string? DeviceId { get; set; }

    public AlertKind? Kind { get; set; }

    public string Reason { get; set; } = "";

    public DateTimeOffset From { get; set; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset Until { get; set; }

    public Guid AuthorId { get; set; }

    public string Author { get; set; } = "";

    public DateTimeOffset? LiftedAt { get; set; }

    public string? LiftedBy { get; set; }

    public bool IsInForce(DateTimeOffset now) => LiftedAt is null && From <= now && now < Until;

    public bool Fits(Alert alert) =>
        (SchoolId is null || SchoolId == alert.SchoolId) && (RoomId is null || RoomId == alert.RoomId)
        && (DeviceId is null || DeviceId == alert.DeviceId) && (Kind is null || Kind == alert.Kind);
}

/// <summary>What staff decided, as one step of the engine needs it. Immutable.</summary>
/// <param name="Rules">Kinds that are missing are as shipped.</param>
/// <param name="Acknowledged">Alerts that somebody sees to: no reminders.</param>
internal sealed record AlertPolicy(
    AlertsOptions Options, IReadOnlyDictionary<AlertKind, AlertRule> Rules, IReadOnlyCollection<AlertSilence> Silences, IReadOnlySet<Guid> Acknowledged)
{
    public AlertRule RuleOf(AlertKind kind) => Rules.TryGetValue(kind, out AlertRule? rule) ? rule : new AlertRule { Kind = kind };
}
