using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>Reads the register and writes what the fleet's health gathered, many rows at a time. One caller: the <see cref="HealthLoop"/>.</summary>
internal sealed class HealthStore(IServiceScopeFactory scopes)
{
    /// <param name="withHistory">Also what was known before the hub's restart.</param>
    public async Task<List<DeviceRegistration>> ReadAsync(bool withHistory, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        var devices = await db.Set<Device>().AsNoTracking()
            .Select(d => new { d.Id, d.ClassroomId, d.Role, d.EnrolledAt, d.DisabledAt }).ToListAsync(stop);
        Dictionary<string, DeviceCare> care = await db.Set<DeviceCare>().AsNoTracking().ToDictionaryAsync(c => c.DeviceId, stop);
        Dictionary<string, DateTimeOffset> passwords = await db.Set<BrokerUser>().AsNoTracking()
            .Select(u => new { u.DeviceId, u.ChangedAt }).ToDictionaryAsync(u => u.DeviceId, u => u.ChangedAt, stop);
        Dictionary<string, DeviceReport> reports = withHistory ? await db.Set<DeviceReport>().AsNoTracking().ToDictionaryAsync(r => r.DeviceId, stop) : [];
        ILookup<string, DeviceIssue> open = (withHistory ? await db.Set<DeviceIssue>().AsNoTracking().Where(i => i.ClearedAt == null).ToListAsync(stop) : [])
            .ToLookup(i => i.DeviceId);
        IReadOnlyDictionary<string, string> wanted = await WantedVersions.ReadAsync(db, stop);
        return [.. devices.Select(d => new DeviceRegistration(
            d.Id, d.ClassroomId, d.Role, d.EnrolledAt, d.DisabledAt, AbsentOf(care.GetValueOrDefault(d.Id)), WindowOf(care.GetValueOrDefault(d.Id)), Stored: true,
            reports.GetValueOrDefault(d.Id), [.. open[d.Id]],
            passwords.TryGetValue(d.Id, out DateTimeOffset made) ? made : null, wanted.GetValueOrDefault(d.Id)))];
    }

    /// <summary>
    /// Writes a batch. One whose rows the database refuses is halved until the culprit stands alone, so that no device can keep another's health from
    /// being stored; a database that is busy or away throws, and nothing is given up.
    /// </summary>
    /// <returns>The rows that no database will take, each alone, with the reason.</returns>
    public async Task<IReadOnlyList<(HealthBatch Row, Exception Why)>> WriteAsync(HealthBatch batch, CancellationToken stop)
    {
        List<(HealthBatch, Exception)> refused = [];
        var waiting = new Stack<HealthBatch>([batch]);
        while (waiting.TryPop(out HealthBatch? part))
        {
            try
            {
                await WriteOnceAsync(part, stop);
            }
            catch (Exception fault) when (StorageFault.IsOfTheData(fault))
            {
                if (part.Rows == 1)
                {
                    refused.Add((part, fault));
                    continue;
                }

                (HealthBatch first, HealthBatch second) = part.Halve();
                waiting.Push(second);
                waiting.Push(first);
            }
        }

        return refused;
    }

    private async Task WriteOnceAsync(HealthBatch batch, CancellationToken stop)
    {
        if (batch.Rows == 0)
        {
            return;
        }

        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        await AddIssuesAsync(db, batch.Issues, stop);
        await AddReportsAsync(db, batch.Reports, stop);
        await AddMinutesAsync(db, batch.Minutes, stop);
        db.ChangeTracker.DetectChanges();
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Adds to the seconds of days; a day's row is made when it is first named.</summary>
    public async Task AddDaysAsync(IReadOnlyDictionary<(string DeviceId, DateOnly Day), UptimeSeconds> seconds, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        foreach (IGrouping<DateOnly, KeyValuePair<(string DeviceId, DateOnly Day), UptimeSeconds>> day in seconds.GroupBy(s => s.Key.Day))
        {
            Dictionary<string, DeviceDay> rows = await db.Set<DeviceDay>().Where(d => d.Day == day.Key).ToDictionaryAsync(d => d.DeviceId, stop);
            HashSet<string> enrolled = [.. await db.Set<Device>().Select(d => d.Id).ToListAsync(stop)];
            foreach (((string id, _), UptimeSeconds more) in day.Where(s => enrolled.Contains(s.Key.DeviceId)))
            {
                if (!rows.TryGetValue(id, out DeviceDay? row))
                {
                    db.Add(row = new DeviceDay { DeviceId = id, Day = day.Key });
                }

                row.Up += more.Up;
                row.Down += more.Down;
                row.Maintenance += more.Maintenance;
                row.LessonUp += more.LessonUp;
                row.LessonDown += more.LessonDown;
            }
        }

        await db.SaveChangesAsync(stop);
    }

    public static IReadOnlySet<PartKind> AbsentOf(DeviceCare? care) => (care?.AbsentParts ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => Enum.TryParse(n, out PartKind kind) ? kind : (PartKind?)null)
        .Where(k => k is not null).Select(k => k!.Value).ToHashSet();

    public static MaintenanceWindow? WindowOf(DeviceCare? care) =>
        care is { MaintenanceFrom: { } from, MaintenanceTo: { } to } ? new MaintenanceWindow(from, to, care.MaintenanceReason ?? "") : null;

    private static async Task AddIssuesAsync(HubDbContext db, IReadOnlyList<(string DeviceId, IssueChange Change)> changes, CancellationToken stop)
    {
        if (changes.Count == 0)
        {
            return;
        }

        List<string> ids = [.. changes.Select(c => c.DeviceId).Distinct()];
        List<DeviceIssue> open = await db.Set<DeviceIssue>().Where(i => i.ClearedAt == null && ids.Contains(i.DeviceId)).ToListAsync(stop);
        var byKey = open.ToDictionary(i => (i.DeviceId, i.Kind, i.Part));
        foreach ((string id, IssueChange change) in changes)
        {
            string part = change.Part.Length <= 120 ? change.Part : change.Part[..120];
            if (change.Historical)
            {
                if (change.Raised)
                {
                    db.Add(RowOf(id, part, change, change.At));
                }
            }
            else if (change.Raised)
            {
                if (!byKey.ContainsKey((id, change.Kind, part)))
                {
                    db.Add(byKey[(id, change.Kind, part)] = RowOf(id, part, change, null));
                }
            }
            else if (byKey.Remove((id, change.Kind, part), out DeviceIssue? row))
            {
                row.ClearedAt = change.At > row.RaisedAt ? change.At : row.RaisedAt;
            }
        }
    }

    private static DeviceIssue RowOf(string id, string part, IssueChange change, DateTimeOffset? cleared) => new()
    {
        Id = Guid.CreateVersion7(),
        DeviceId = id,
        Kind = change.Kind,
        Part = part,
        Severity = change.Severity,
        RaisedAt = change.Since,
        ClearedAt = cleared,
        Value = change.Value is { } value && double.IsFinite(value) ? value : null,
        Historical = change.Historical,
    };

    private static async Task AddReportsAsync(HubDbContext db, IReadOnlyList<DeviceReport> reports, CancellationToken stop)
    {
        List<string> ids = [.. reports.Select(r => r.DeviceId)];
        HashSet<string> known = ids.Count == 0 ? [] : [.. await db.Set<DeviceReport>().Where(r => ids.Contains(r.DeviceId)).Select(r => r.DeviceId).ToListAsync(stop)];
        foreach (DeviceReport report in reports)
        {
            db.Entry(report).State = known.Contains(report.DeviceId) ? EntityState.Modified : EntityState.Added;
        }
    }

    /// <summary>A minute that is stored already (a second report within it) stays as it is.</summary>
    private static async Task AddMinutesAsync(HubDbContext db, IReadOnlyList<DeviceMinute> minutes, CancellationToken stop)
    {
        if (minutes.Count == 0)
        {
            return;
        }

        DateTimeOffset from = minutes.Min(m => m.At), to = minutes.Max(m => m.At);
        var stored = (await db.Set<DeviceMinute>().Where(m => m.At >= from && m.At <= to).Select(m => new { m.DeviceId, m.At }).ToListAsync(stop))
            .Select(m => (m.DeviceId, m.At)).ToHashSet();
        db.AddRange(minutes.Where(m => stored.Add((m.DeviceId, m.At))));
    }
}
