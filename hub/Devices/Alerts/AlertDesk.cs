using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Why something was not done about alerts.</summary>
internal enum AlertRefusal
{
    /// <summary>There is none, or it is outside the caller's scope.</summary>
    Unknown,
    NotAllowed,

    /// <summary>It ended before.</summary>
    Over,

    /// <summary>A note or a reason without words.</summary>
    NoText,

    /// <summary>Nobody of this name handles alerts of this school.</summary>
    UnknownPerson,

    /// <summary>The end is past, or more than 90 days away.</summary>
    BadEnd,

    /// <summary>A silence without a place.</summary>
    NoPlace,

    /// <summary>A silence of everything in the whole county.</summary>
    NeedsKind,
}

/// <summary>What staff do about alerts. Everything is audited, stands in the alert's diary, and counts at once.</summary>
internal sealed class AlertDesk(HubDbContext db, AlertLoop loop, AuditTrail audit, TimeProvider clock)
{
    private const int LongestNote = 500;
    private const int LongestReason = 200;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(90);

    /// <summary>Somebody sees to it: no more reminders.</summary>
    public Task<AlertRefusal?> AcknowledgeAsync(Guid alertId, Caller caller, CancellationToken cancel) =>
        TakeCareAsync(alertId, caller, AuditAction.AcknowledgedAlert, AlertEventKind.Acknowledged, null, care =>
        {
            if (care.AcknowledgedAt is not null)
            {
                return false;
            }

            (care.AcknowledgedAt, care.AcknowledgedBy) = (clock.GetUtcNow(), NameOf(caller));
            return true;
        }, cancel);

    public Task<AlertRefusal?> UnacknowledgeAsync(Guid alertId, Caller caller, CancellationToken cancel) =>
        TakeCareAsync(alertId, caller, AuditAction.UnacknowledgedAlert, AlertEventKind.Unacknowledged, null, care =>
        {
            if (care.AcknowledgedAt is null)
            {
                return false;
            }

            (care.AcknowledgedAt, care.AcknowledgedBy) = (null, null);
            return true;
        }, cancel);

    /// <param name="person">Null: nobody any more.</param>
    public async Task<AlertRefusal?> AssignAsync(Guid alertId, Guid? person, Caller caller, CancellationToken cancel)
    {
        Account? account = null;
        if (person is { } id)
        {
            Guid? school = await db.Set<Alert>().Where(a => a.Id == alertId).Select(a => a.SchoolId).SingleOrDefaultAsync(cancel);
            account = (await HandlersAsync(school, cancel)).Find(a => a.Id == id);
            if (account is null)
            {
                return AlertRefusal.UnknownPerson;
            }
        }

        string? name = account is null ? null : account.DisplayName.Length > 0 ? account.DisplayName : account.UserName;
        return await TakeCareAsync(
            alertId, caller, account is null ? AuditAction.UnassignedAlert : AuditAction.AssignedAlert, account is null ? AlertEventKind.Unassigned : AlertEventKind.Assigned, name, care =>
            {
                bool changes = care.AssigneeId != account?.Id;
                (care.AssigneeId, care.Assignee) = (account?.Id, name);
                return changes;
            }, cancel);
    }

    public async Task<AlertRefusal?> NoteAsync(Guid alertId, string? text, Caller caller, CancellationToken cancel)
    {
        (Alert? alert, AlertRefusal? refusal) = await FindAsync(alertId, caller, cancel);
        if (refusal is not null)
        {
            return refusal;
        }

        if (Written(text, LongestNote) is not { } note)
        {
            return AlertRefusal.NoText;
        }

        return await DoneAsync(alert!, AuditAction.NotedAlert, AlertEventKind.Noted, note, caller, cancel);
    }

    /// <summary>Silence for the alert's device and kind, its room, its school, or its kind everywhere.</summary>
    /// <param name="until">UTC.</param>
    public async Task<AlertRefusal?> SilenceAsync(SilenceScope scope, string? reason, DateTimeOffset until, Caller caller, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool allowed = FleetRights.MayCare(caller) && (scope.SchoolId is { } school ? FleetRights.SeesAll(caller) || caller.SchoolId == school : AlertRights.MayRule(caller));
        if (!allowed)
        {
            return AlertRefusal.NotAllowed;
        }

        if (scope is { SchoolId: null, Kind: null })
        {
            return AlertRefusal.NeedsKind;
        }

        if (until <= now || until - now > LongestSilence)
        {
            return AlertRefusal.BadEnd;
        }

        if (Written(reason, LongestReason) is not { } why)
        {
            return AlertRefusal.NoText;
        }

        if (!await ExistsAsync(scope, cancel))
        {
            return AlertRefusal.Unknown;
        }

        var silence = new AlertSilence
        {
            Id = Guid.CreateVersion7(),
            SchoolId = scope.SchoolId,
            RoomId = scope.RoomId,
            DeviceId = scope.DeviceId,
            Kind = scope.Kind,
            Reason = why,
            From = now,
            Until = until,
            AuthorId = caller.AccountId,
            Author = NameOf(caller),
        };
        db.Add(silence);
        foreach (Alert alert in (await db.Set<Alert>().AsNoTracking().Of(caller).Where(a => a.EndsAt == null).ToListAsync(cancel)).Where(silence.Fits))
        {
            db.Add(Event(alert, AlertEventKind.Silenced, why, caller));
        }

        audit.Add(AuditAction.SilencedAlerts, caller.AccountId, caller.Login, silence.Id.ToString(), $"{scope} {until:O} {why}");
        await db.SaveChangesAsync(cancel);
        await loop.RefreshAsync(cancel);
        return null;
    }

    public async Task<AlertRefusal?> LiftAsync(Guid silenceId, Caller caller, CancellationToken cancel)
    {
        if (await db.Set<AlertSilence>().SingleOrDefaultAsync(s => s.Id == silenceId, cancel) is not { } silence
            || !(FleetRights.SeesAll(caller) || (caller.HeadsSchool && silence.SchoolId == caller.SchoolId)))
        {
            return AlertRefusal.Unknown;
        }

        if (!FleetRights.MayCare(caller))
        {
            return AlertRefusal.NotAllowed;
        }

        if (!silence.IsInForce(clock.GetUtcNow()))
        {
            return AlertRefusal.Over;
        }

        (silence.LiftedAt, silence.LiftedBy) = (clock.GetUtcNow(), NameOf(caller));
        audit.Add(AuditAction.LiftedSilence, caller.AccountId, caller.Login, silence.Id.ToString());
        await db.SaveChangesAsync(cancel);
        await loop.RefreshAsync(cancel);
        return null;
    }

    /// <summary>Takes over rules; those that say nothing special lose their row.</summary>
    /// <returns>How many changed.</returns>
    public async Task<(int Changed, AlertRefusal? Refusal)> SetRulesAsync(IReadOnlyCollection<AlertRule> rules, Caller caller, CancellationToken cancel)
    {
        if (!AlertRights.MayRule(caller))
        {
            return (0, AlertRefusal.NotAllowed);
        }

        Dictionary<AlertKind, AlertRule> stored = await db.Set<AlertRule>().AsNoTracking().ToDictionaryAsync(r => r.Kind, cancel);
        List<AlertRule> changed = [.. rules.Where(r => r != (stored.GetValueOrDefault(r.Kind) ?? new AlertRule { Kind = r.Kind }))];
        foreach (AlertRule rule in changed)
        {
            db.Entry(rule).State = !stored.ContainsKey(rule.Kind) ? EntityState.Added : rule.IsShipped ? EntityState.Deleted : EntityState.Modified;
            audit.Add(AuditAction.SetAlertRule, caller.AccountId, caller.Login, rule.Kind.ToString(), $"on {rule.On}, in class {rule.InClass}, else {rule.OutsideClass}, after {rule.MinimumDuration}, to {rule.Channels}");
        }

        if (changed.Count > 0)
        {
            await db.SaveChangesAsync(cancel);
            await loop.RefreshAsync(cancel);
        }

        return (changed.Count, null);
    }

    /// <summary>Who may be given an alert: the county's staff, and the heads of its school.</summary>
    /// <param name="school">Null: one of the hub's own.</param>
    public async Task<List<Account>> HandlersAsync(Guid? school, CancellationToken cancel)
    {
        var people = await (
            from account in db.Users.AsNoTracking()
            join held in db.UserRoles on account.Id equals held.UserId
            join role in db.Roles on held.RoleId equals role.Id
            where role.Name == Roles.CountyStaff || (role.Name == Roles.SchoolHead && school != null && account.SchoolId == school)
            select account).ToListAsync(cancel);
        return [.. people.DistinctBy(a => a.Id).OrderBy(a => a.SchoolId is not null).ThenBy(a => a.UserName, StringComparer.Ordinal)];
    }

    /// <summary>As pages and diaries show a person.</summary>
    public static string NameOf(Caller caller) => caller.DisplayName.Length > 0 ? caller.DisplayName : caller.Login;

    private static string? Written(string? text, int longest)
    {
        string written = string.Concat((text ?? "").Trim().Where(c => !char.IsControl(c) || c == '\n'));
        return written.Length == 0 ? null : written.Length > longest ? written[..longest] : written;
    }

    private async Task<AlertRefusal?> TakeCareAsync(
        Guid alertId, Caller caller, AuditAction action, AlertEventKind kind, string? text, Func<AlertCare, bool> change, CancellationToken cancel)
    {
        (Alert? alert, AlertRefusal? refusal) = await FindAsync(alertId, caller, cancel);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!alert!.IsOpen)
        {
            return AlertRefusal.Over;
        }

        AlertCare? care = await db.Set<AlertCare>().SingleOrDefaultAsync(c => c.AlertId == alertId, cancel);
        if (care is null)
        {
            db.Add(care = new AlertCare { AlertId = alertId });
        }

        return change(care) ? await DoneAsync(alert, action, kind, text, caller, cancel) : null;
    }

    private async Task<(Alert? Alert, AlertRefusal? Refusal)> FindAsync(Guid alertId, Caller caller, CancellationToken cancel)
    {
        Alert? alert = await db.Set<Alert>().AsNoTracking().Of(caller).SingleOrDefaultAsync(a => a.Id == alertId, cancel);
        return (alert, alert is null ? AlertRefusal.Unknown : FleetRights.MayCare(caller) ? null : AlertRefusal.NotAllowed);
    }

    private async Task<bool> ExistsAsync(SilenceScope scope, CancellationToken cancel) =>
        (scope.RoomId is null || await db.Set<Schools.Classroom>().AnyAsync(r => r.Id == scope.RoomId && r.SchoolId == scope.SchoolId, cancel))
        && (scope.DeviceId is null || await db.Set<Device>().AnyAsync(d => d.Id == scope.DeviceId && d.Classroom.SchoolId == scope.SchoolId, cancel))
        && (scope.SchoolId is null || await db.Set<Schools.School>().AnyAsync(s => s.Id == scope.SchoolId, cancel));

    private AlertEvent Event(Alert alert, AlertEventKind kind, string? text, Caller caller) => new()
    {
        AlertId = alert.Id,
        At = clock.GetUtcNow(),
        Kind = kind,
        Severity = alert.Severity,
        AccountId = caller.AccountId,
        By = NameOf(caller),
        Text = text,
    };

    private async Task<AlertRefusal?> DoneAsync(Alert alert, AuditAction action, AlertEventKind kind, string? text, Caller caller, CancellationToken cancel)
    {
        db.Add(Event(alert, kind, text, caller));
        audit.Add(action, caller.AccountId, caller.Login, alert.Id.ToString(), text);
        await db.SaveChangesAsync(cancel);
        await loop.RefreshAsync(cancel);
        return null;
    }
}

/// <summary>What a silence is about; each that is set must fit. Without a school it is a kind in the whole county.</summary>
internal sealed record SilenceScope(Guid? SchoolId, Guid? RoomId = null, string? DeviceId = null, AlertKind? Kind = null);
