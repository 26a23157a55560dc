using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Inbox.Handover;

/// <summary>What was wrong with something that a device handed in.</summary>
/// <param name="Key">Of the words: <c>Handover.{Key}</c> says what happened, <c>Handover.{Key}.Next</c> what to do.</param>
/// <param name="Through">The last of several numbers; equal to <paramref name="Sequence"/> for one record.</param>
/// <param name="ConflictId">Of a record that was set aside; null: there is nothing to look at.</param>
internal sealed record HandoverTrouble(
    DateTimeOffset At, string DeviceId, string Place, string Key, string Stream, long Sequence, long Through, long? ConflictId);

/// <summary>A device whose newest records have not all come.</summary>
internal sealed record HandoverBacklog(string DeviceId, string Place, long Missing, DateTimeOffset HeardAt);

/// <summary>What devices handed in and what of it needs a person, within a caller's scope.</summary>
/// <param name="Kept">Records taken since <paramref name="Since"/>.</param>
/// <param name="More">There is more trouble than the list shows.</param>
internal sealed record HandoverReport(
    DateTimeOffset Since, int Kept, IReadOnlyList<HandoverTrouble> Troubles, bool More, IReadOnlyList<HandoverBacklog> Backlog)
{
    public const int Shown = 200;

    public static readonly TimeSpan Span = TimeSpan.FromDays(90);

    /// <summary>Kept, but without effect: what a person should know of. Named one by one, for the index.</summary>
    private static readonly InboxOutcome[] Idle = [InboxOutcome.Implausible, InboxOutcome.NotItsSeat, InboxOutcome.TooLate];

    public static async Task<HandoverReport> ReadAsync(HubDbContext db, Caller caller, DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset since = now - Span;
        Dictionary<string, string> places = (await db.Set<Device>().AsNoTracking().Of(caller)
            .Select(d => new { d.Id, Room = d.Classroom.Name, School = d.Classroom.School.Name })
            .ToListAsync(cancel)).ToDictionary(d => d.Id, d => $"{d.School} · {d.Room}");
        IQueryable<Device> devices = db.Set<Device>().Of(caller);
        var troubles = new List<HandoverTrouble>();

        var conflicts = await db.Set<InboxConflict>().AsNoTracking().Where(c => c.ReceivedAt >= since && devices.Any(d => d.Id == c.DeviceId))
            .OrderByDescending(c => c.ReceivedAt).Take(Shown + 1).Select(c => new { c.Id, c.DeviceId, c.Stream, c.Sequence, c.Reason, c.ReceivedAt }).ToListAsync(cancel);
        troubles.AddRange(conflicts.Select(c => new HandoverTrouble(c.ReceivedAt, c.DeviceId, places.GetValueOrDefault(c.DeviceId, c.DeviceId), c.Reason.ToString(), c.Stream, c.Sequence, c.Sequence, c.Id)));

        var gaps = await db.Set<InboxGap>().AsNoTracking().Where(g => g.ReportedAt >= since && g.Stream != EvidenceStreams.Metrics && devices.Any(d => d.Id == g.DeviceId))
            .OrderByDescending(g => g.ReportedAt).Take(Shown + 1).ToListAsync(cancel);
        troubles.AddRange(gaps.Select(g => new HandoverTrouble(g.ReportedAt, g.DeviceId, places.GetValueOrDefault(g.DeviceId, g.DeviceId), g.Reason.ToString(), g.Stream, g.From, g.Through, null)));

        var idle = await db.Set<InboxRecord>().AsNoTracking()
            .Where(r => r.ReceivedAt >= since && Idle.Contains(r.Outcome) && devices.Any(d => d.Id == r.DeviceId))
            .OrderByDescending(r => r.ReceivedAt).Take(Shown + 1).Select(r => new { r.DeviceId, r.Stream, r.Sequence, r.Outcome, r.ReceivedAt }).ToListAsync(cancel);
        troubles.AddRange(idle.Select(r => new HandoverTrouble(r.ReceivedAt, r.DeviceId, places.GetValueOrDefault(r.DeviceId, r.DeviceId), r.Outcome.ToString(), r.Stream, r.Sequence, r.Sequence, null)));

        int kept = await db.Set<InboxRecord>().CountAsync(r => r.ReceivedAt >= since && devices.Any(d => d.Id == r.DeviceId), cancel);
        List<InboxStream> behind = await db.Set<InboxStream>().AsNoTracking()
            .Where(s => s.Stream == EvidenceStreams.Evidence && s.Highest > s.Through && s.HeardAt >= since && devices.Any(d => d.Id == s.DeviceId)).ToListAsync(cancel);
        return new HandoverReport(
            since, kept, [.. troubles.OrderByDescending(t => t.At).Take(Shown)], troubles.Count > Shown,
            [.. behind.Select(s => new HandoverBacklog(s.DeviceId, places.GetValueOrDefault(s.DeviceId, s.DeviceId), s.Highest - s.Through, s.HeardAt)).OrderByDescending(s => s.Missing)]);
    }

    /// <summary>The whole record that was set aside, as JSON; null: there is none, or it is not the caller's.</summary>
    public static async Task<(string Name, string Json)?> RecordAsync(HubDbContext db, Caller caller, long id, CancellationToken cancel)
    {
        var found = await db.Set<InboxConflict>().AsNoTracking()
            .Where(c => c.Id == id && db.Set<Device>().Of(caller).Any(d => d.Id == c.DeviceId))
            .Select(c => new { c.DeviceId, c.Stream, c.Sequence, c.Record }).SingleOrDefaultAsync(cancel);
        return found is null ? null : ($"{found.DeviceId}-{found.Stream}-{found.Sequence}.json", found.Record);
    }
}
