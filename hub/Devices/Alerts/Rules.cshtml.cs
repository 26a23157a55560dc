using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>One kind's row in the form. Empty fields: as shipped.</summary>
public sealed class RuleField
{
    public string Kind { get; set; } = "";

    public bool On { get; set; }

    public string? InClass { get; set; }

    public string? Outside { get; set; }

    /// <summary>Minutes.</summary>
    public int? Minutes { get; set; }

    /// <summary>The only channel that hears of it.</summary>
    public string? Channel { get; set; }
}

/// <summary>告警规则: per kind whether, how urgent, after how long. A saved change can be taken back at once.</summary>
internal sealed class RulesModel(HubDbContext db, AlertDesk desk, ChannelRegister register) : PageModel
{
    /// <summary>Minutes to choose from.</summary>
    public static readonly IReadOnlyList<int> Durations = [0, 1, 5, 15, 60, 240];

    [BindProperty(Name = "rules")]
    public List<RuleField> Fields { get; set; } = [];

    public IReadOnlyDictionary<AlertKind, AlertRule> Rules { get; private set; } = new Dictionary<AlertKind, AlertRule>();

    /// <summary>How many were saved; null: none were sent.</summary>
    public int? Saved { get; private set; }

    /// <summary>The rules before, for the way back; empty: nothing to take back.</summary>
    public IReadOnlyList<AlertRule> Before { get; private set; } = [];

    /// <summary>Kinds that were switched off by it.</summary>
    public IReadOnlyList<AlertKind> SwitchedOff { get; private set; } = [];

    public IReadOnlyList<Channel> Channels => [.. register.Channels.Values.OrderBy(c => c.Name, StringComparer.Ordinal)];

    public int ChangedRules => Rules.Values.Count(r => !r.IsShipped);

    public AlertRule RuleOf(AlertKind kind) => Rules.TryGetValue(kind, out AlertRule? rule) ? rule : new AlertRule { Kind = kind };

    /// <summary>What a kind counts as where no rule says otherwise; null: it depends on how far the next lesson is.</summary>
    public static AlertSeverity? ShippedOutside(AlertKind kind) =>
        AlertKinds.SeverityOf(kind, RoomMoment.BeforeClass) is var before && before == AlertKinds.SeverityOf(kind, RoomMoment.Idle) ? before : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ?? Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel) =>
        await ReadAsync(cancel) ?? await SaveAsync([.. Fields.Select(Read).OfType<AlertRule>().DistinctBy(r => r.Kind)], cancel);

    public async Task<IActionResult> OnPostResetAsync(CancellationToken cancel) =>
        await ReadAsync(cancel) ?? await SaveAsync([.. Rules.Keys.Select(k => new AlertRule { Kind = k })], cancel);

    private AlertRule? Read(RuleField field)
    {
        if (!Enum.TryParse(field.Kind, out AlertKind kind) || !Enum.IsDefined(kind))
        {
            return null;
        }

        TimeSpan? lasts = field.Minutes is { } minutes && Durations.Contains(minutes) ? TimeSpan.FromMinutes(minutes) : null;
        return RuleOf(kind) with
        {
            On = field.On,
            InClass = SeverityOf(field.InClass),
            OutsideClass = SeverityOf(field.Outside),
            MinimumDuration = lasts,
            Channels = Guid.TryParse(field.Channel, out Guid channel) && register.Channels.ContainsKey(channel) ? channel.ToString() : "",
        };
    }

    private static AlertSeverity? SeverityOf(string? word) => Enum.TryParse(word, out AlertSeverity severity) && Enum.IsDefined(severity) ? severity : null;

    private async Task<IActionResult> SaveAsync(IReadOnlyList<AlertRule> rules, CancellationToken cancel)
    {
        List<AlertRule> before = [.. rules.Select(r => RuleOf(r.Kind)).Where(b => !rules.Contains(b))];
        (int changed, AlertRefusal? refusal) = await desk.SetRulesAsync(rules, Caller.From(User)!, cancel);
        if (refusal is not null)
        {
            return Forbid();
        }

        (Saved, Before) = (changed, before);
        SwitchedOff = [.. before.Where(b => b.On && rules.Any(r => r.Kind == b.Kind && !r.On)).Select(b => b.Kind)];
        return await ReadAsync(cancel) ?? Page();
    }

    private async Task<IActionResult?> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !AlertRights.MayRule(caller))
        {
            return Forbid();
        }

        Rules = await db.Set<AlertRule>().AsNoTracking().ToDictionaryAsync(r => r.Kind, cancel);
        return null;
    }
}
