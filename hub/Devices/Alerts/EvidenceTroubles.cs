using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>
/// What of the evidence handed in needs a person, by device: records that contradict what is kept, and records that do not count or that the device has laid aside for
/// good. Nothing of it heals by itself, so it stands for a time and then only in the report of the evidence. Of the records, which are many, only those that came since the
/// last reading are looked at. One owner; not thread-safe.
/// </summary>
internal sealed class EvidenceTroubles
{
    /// <summary>Long enough to be seen after a holiday weekend.</summary>
    public static readonly TimeSpan Stands = TimeSpan.FromDays(7);

    /// <summary>Records whose numbers were given out before others may be committed after them.</summary>
    private const long Overlap = 10_000;

    private readonly Dictionary<long, Trouble> _records = [];
    private long _read;

    private sealed record Trouble(string DeviceId, AlertKind Kind, long Records, DateTimeOffset At);

    public async Task<ILookup<string, EvidenceTrouble>> ReadAsync(HubDbContext db, DateTimeOffset now, CancellationToken stop)
    {
        DateTimeOffset from = now - Stands;
        await ReadRecordsAsync(db, from, stop);
        List<Trouble> conflicts = await db.Set<InboxConflict>().AsNoTracking().Where(c => c.ReceivedAt > from)
            .Select(c => new Trouble(c.DeviceId, AlertKind.EvidenceConflict, 1, c.ReceivedAt)).ToListAsync(stop);
        List<Trouble> gaps = await db.Set<InboxGap>().AsNoTracking().Where(g => g.ReportedAt > from && g.Stream == EvidenceStreams.Evidence)
            .Select(g => new Trouble(g.DeviceId, AlertKind.EvidenceAside, g.Through - g.From + 1, g.ReportedAt)).ToListAsync(stop);
        return conflicts.Concat(gaps).Concat(_records.Values).GroupBy(t => (t.DeviceId, t.Kind))
            .Select(g => (g.Key.DeviceId, Trouble: new EvidenceTrouble(g.Key.Kind, (int)Math.Min(int.MaxValue, g.Sum(t => t.Records)), g.Min(t => t.At))))
            .ToLookup(t => t.DeviceId, t => t.Trouble, StringComparer.Ordinal);
    }

    private async Task ReadRecordsAsync(HubDbContext db, DateTimeOffset from, CancellationToken stop)
    {
        long newest = await db.Set<InboxRecord>().MaxAsync(r => (long?)r.Id, stop) ?? 0;
        long after = Math.Min(_read, newest) - Overlap;
        var came = await db.Set<InboxRecord>().AsNoTracking()
            .Where(r => r.Id > after && r.Outcome != InboxOutcome.Kept && r.Outcome != InboxOutcome.Applied && r.ReceivedAt > from)
            .Select(r => new { r.Id, r.DeviceId, r.ReceivedAt }).ToListAsync(stop);
        foreach (var record in came)
        {
            _records[record.Id] = new Trouble(record.DeviceId, AlertKind.EvidenceAside, 1, record.ReceivedAt);
        }

        foreach (long old in _records.Where(r => r.Value.At <= from).Select(r => r.Key).ToList())
        {
            _records.Remove(old);
        }

        _read = newest;
    }
}
