using System.Collections.Immutable;
using System.Numerics;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Reads what the engine needs and stores what a step gave: state, diary and messages in one transaction. One caller: the <see cref="AlertLoop"/>.</summary>
internal sealed class AlertStore(IServiceScopeFactory scopes, AlertsOptions options)
{
    /// <summary>A single change is not worth a row: forgotten at a restart, it costs nothing.</summary>
    private const int FewestChanges = 2;

    public async Task<AlertBook> ReadAsync(CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        List<Alert> alerts = await db.Set<Alert>().AsNoTracking().Where(a => a.EndsAt == null || (a.WorstTold != null && !a.OverTold)).ToListAsync(stop);
        List<AlertGroup> groups = await db.Set<AlertGroup>().AsNoTracking().ToListAsync(stop);
        List<FlapTrack> tracks = await db.Set<FlapTrack>().AsNoTracking().ToListAsync(stop);
        return new AlertBook(
            alerts.OrderBy(a => a.IsOpen).ThenBy(a => a.RaisedAt).GroupBy(a => a.Fingerprint, StringComparer.Ordinal).ToImmutableDictionary(g => g.Key, g => g.Last()),
            groups.ToImmutableDictionary(g => g.Key), tracks.ToImmutableDictionary(t => t.Fingerprint));
    }

    public async Task<AlertPolicy> ReadPolicyAsync(DateTimeOffset now, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        List<AlertRule> rules = await db.Set<AlertRule>().AsNoTracking().ToListAsync(stop);
        List<AlertSilence> silences = await db.Set<AlertSilence>().AsNoTracking().Where(s => s.LiftedAt == null && s.Until > now).ToListAsync(stop);
        List<Guid> acknowledged = await db.Set<AlertCare>().AsNoTracking()
            .Where(c => c.AcknowledgedAt != null && db.Set<Alert>().Any(a => a.Id == c.AlertId && a.EndsAt == null)).Select(c => c.AlertId).ToListAsync(stop);
        HashSet<Guid> channels = rules.Exists(r => r.Channels.Length > 0)
            ? [.. await db.Set<AlertChannel>().AsNoTracking().Where(c => c.RemovedAt == null && c.Enabled).Select(c => c.Id).ToListAsync(stop)] : [];
        return new AlertPolicy(options, rules.Select(r => r.To(channels)).ToDictionary(r => r.Kind), silences, acknowledged.ToHashSet());
    }

    /// <param name="word">Puts a planned notice into words.</param>
    public async Task WriteAsync(AlertStep step, Func<PlannedNotice, AlertNotice> word, DateTimeOffset now, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        foreach (Alert alert in step.After.Alerts.Values.Concat(step.Closed))
        {
            Alert? known = step.Before.Alerts.GetValueOrDefault(alert.Fingerprint);
            if (!ReferenceEquals(known, alert))
            {
                db.Entry(alert).State = known?.Id == alert.Id ? EntityState.Modified : EntityState.Added;
            }
        }

        foreach (AlertGroup group in step.After.Groups.Values.Where(g => !ReferenceEquals(step.Before.Groups.GetValueOrDefault(g.Key), g)))
        {
            db.Entry(group).State = step.Before.Groups.ContainsKey(group.Key) ? EntityState.Modified : EntityState.Added;
        }

        WriteTracks(db, step);
        HashSet<Guid> unheard = [];
        INoticeQueue? queue = scope.ServiceProvider.GetService<INoticeQueue>();
        foreach (PlannedNotice notice in step.Notices)
        {
            if (queue is null || queue.Add(db, word(notice), notice.Channels) == 0)
            {
                unheard.UnionWith(notice.Active.Concat(notice.Over).Select(a => a.Id));
            }
        }

        db.AddRange(step.Happenings.Select(h => new AlertEvent
        {
            AlertId = h.Alert.Id,
            At = now,
            Kind = h.Kind == AlertEventKind.Told && unheard.Contains(h.Alert.Id) ? AlertEventKind.ToldNobody : h.Kind,
            Severity = h.Alert.Severity,
            Notice = h.Notice,
        }));

        if (db.ChangeTracker.Entries().Any())
        {
            db.ChangeTracker.DetectChanges();
            await db.SaveChangesAsync(stop);
        }
    }

    /// <summary>Ended alerts below a warning, which have no diary, are kept for so long.</summary>
    public async Task ForgetAsync(DateTimeOffset now, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        DateTimeOffset before = now.AddDays(-30);
        await db.Set<Alert>().Where(a => a.EndsAt < before && a.Worst == AlertSeverity.Information && !db.Set<AlertEvent>().Any(e => e.AlertId == a.Id)).ExecuteDeleteAsync(stop);
    }

    private static void WriteTracks(HubDbContext db, AlertStep step)
    {
        if (ReferenceEquals(step.Before.Tracks, step.After.Tracks))
        {
            return;
        }

        foreach (FlapTrack gone in step.Before.Tracks.Values.Where(t => IsKept(t) && !(step.After.Tracks.TryGetValue(t.Fingerprint, out FlapTrack? now) && IsKept(now))))
        {
            db.Entry(gone).State = EntityState.Deleted;
        }

        foreach (FlapTrack track in step.After.Tracks.Values.Where(IsKept))
        {
            FlapTrack? stored = step.Before.Tracks.TryGetValue(track.Fingerprint, out FlapTrack? known) && IsKept(known) ? known : null;
            if (track.Differs(stored))
            {
                db.Entry(track).State = stored is null ? EntityState.Added : EntityState.Modified;
            }
        }
    }

    private static bool IsKept(FlapTrack track) => track.Flaps || BitOperations.PopCount(track.Changes) >= FewestChanges;
}
