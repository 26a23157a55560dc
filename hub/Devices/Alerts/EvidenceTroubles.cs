using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>
/// What of the evidence handed in needs a person, by device: records that contradict what is kept, and records that do not count or that the device has laid aside for
/// good. Nothing of it heals by itself, so it stands for a time and then only in the report of the evidence.
/// </summary>
internal static class EvidenceTroubles
{
    /// <summary>Long enough to be seen after a holiday weekend.</summary>
    public static readonly TimeSpan Stands = TimeSpan.FromDays(7);

    public static async Task<ILookup<string, EvidenceTrouble>> ReadAsync(HubDbContext db, DateTimeOffset now, CancellationToken stop)
    {
        DateTimeOffset from = now - Stands;
        var conflicts = await db.Set<InboxConflict>().AsNoTracking().Where(c => c.ReceivedAt > from)
            .Select(c => new { c.DeviceId, Records = 1L, At = c.ReceivedAt }).ToListAsync(stop);
        var gaps = await db.Set<InboxGap>().AsNoTracking().Where(g => g.ReportedAt > from && g.Stream == EvidenceStreams.Evidence)
            .Select(g => new { g.DeviceId, Records = g.Through - g.From + 1, At = g.ReportedAt }).ToListAsync(stop);
        var idle = await db.Set<InboxRecord>().AsNoTracking()
            .Where(r => r.ReceivedAt > from && r.Outcome != InboxOutcome.Kept && r.Outcome != InboxOutcome.Applied)
            .Select(r => new { r.DeviceId, Records = 1L, At = r.ReceivedAt }).ToListAsync(stop);
        return conflicts.Select(c => (Kind: AlertKind.EvidenceConflict, Row: c)).Concat(gaps.Concat(idle).Select(r => (Kind: AlertKind.EvidenceAside, Row: r)))
            .GroupBy(t => (t.Row.DeviceId, t.Kind))
            .Select(g => (g.Key.DeviceId, Trouble: new EvidenceTrouble(g.Key.Kind, (int)Math.Min(int.MaxValue, g.Sum(t => t.Row.Records)), g.Min(t => t.Row.At))))
            .ToLookup(t => t.DeviceId, t => t.Trouble, StringComparer.Ordinal);
    }
}
