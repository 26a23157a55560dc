using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>
/// Judges a stored occurrence and writes what it earns. Judging again with the same evidence writes nothing; with other evidence it writes
/// the next revision, reversing entries for what no longer holds and the new entries, all in one transaction.
/// </summary>
internal sealed class LessonJudge(HubDbContext db, CreditPolicy policy, AuditTrail audit, TimeProvider clock)
{
    /// <summary>How verdicts and reasons are stored and read.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <returns>The judgement in force; null for an unknown lesson.</returns>
    public async Task<StoredJudgement?> JudgeAsync(Guid occurrenceId, CancellationToken cancel = default)
    {
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, cancel);
        if (await ReadAsync(occurrenceId, cancel) is not { } lesson)
        {
            return null;
        }

        DateTimeOffset now = clock.GetUtcNow();
        Verdict verdict = Judgement.Judge(lesson, policy, now);
        string text = JsonSerializer.Serialize(verdict, Json);
        StoredJudgement? last = await db.Set<StoredJudgement>().Where(j => j.OccurrenceId == occurrenceId)
            .OrderByDescending(j => j.Revision).FirstOrDefaultAsync(cancel);
        if (last?.Verdict == text)
        {
            return last;
        }

        StoredJudgement judgement = Store(occurrenceId, verdict, text, (last?.Revision ?? 0) + 1, now);
        await MoveLedgerAsync(judgement, verdict, lesson.Mode, now, cancel);
        if (last is not null)
        {
            audit.Add(AuditAction.RejudgedLesson, null, "hub", occurrenceId.ToString(), $"{last.Revision} {last.Status} > {judgement.Revision} {judgement.Status}");
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return judgement;
    }

    public static Verdict VerdictOf(StoredJudgement judgement) => JsonSerializer.Deserialize<Verdict>(judgement.Verdict, Json)!;

    private async Task<JudgedLesson?> ReadAsync(Guid occurrenceId, CancellationToken cancel)
    {
        Occurrence? occurrence = await db.Set<Occurrence>().AsNoTracking()
            .Include(o => o.Participations).ThenInclude(p => p.Classroom).ThenInclude(c => c.School)
            .SingleOrDefaultAsync(o => o.Id == occurrenceId, cancel);
        if (occurrence is null)
        {
            return null;
        }

        List<EvidenceInterval> evidence = await db.Set<EvidenceInterval>().AsNoTracking().Where(e => e.LessonId == occurrenceId).ToListAsync(cancel);
        return new JudgedLesson
        {
            Mode = occurrence.Mode,
            StartsAt = occurrence.StartsAt,
            EndsAt = occurrence.EndsAt,
            StandardPeriod = occurrence.StandardPeriod,
            FiledAt = occurrence.FiledAt,
            LecturerId = occurrence.LecturerId,
            Receivers =
            [
                .. occurrence.Participations.Where(p => p.Role == SeatRole.Receiving).OrderBy(p => p.SeatId, StringComparer.Ordinal)
                    .Select(p => new JudgedReceiver(p.SeatId, $"{p.Classroom.School.Name} {p.Classroom.Name}", p.AssistantId)),
            ],
            Evidence = [.. evidence.Select(e => new Observation(e.SeatId, e.Source, e.Kind, e.From, e.To, e.Good))],
            CancelReason = occurrence.CancelledAt is null ? null : occurrence.CancelReason ?? "",
            StartedAt = occurrence.StartedAt,
            EndedAt = occurrence.EndedAt,
        };
    }

    private StoredJudgement Store(Guid occurrenceId, Verdict verdict, string text, int revision, DateTimeOffset now)
    {
        var judgement = new StoredJudgement
        {
            Id = Guid.CreateVersion7(),
            OccurrenceId = occurrenceId,
            Revision = revision,
            JudgedAt = now,
            Status = verdict.Status,
            PolicyVersion = verdict.PolicyVersion,
            Effective = verdict.Effective,
            EffectiveByHub = verdict.ByHub,
            EffectiveByAgents = verdict.ByAgents,
            Verdict = text,
        };
        db.Add(judgement);
        return judgement;
    }

    /// <summary>Brings the ledger from what is in force to what the verdict says; moves nothing when they agree.</summary>
    private async Task MoveLedgerAsync(StoredJudgement judgement, Verdict verdict, LessonMode mode, DateTimeOffset now, CancellationToken cancel)
    {
        List<LedgerEntry> all = await db.Set<LedgerEntry>().AsNoTracking().Where(e => e.OccurrenceId == judgement.OccurrenceId).ToListAsync(cancel);
        HashSet<int> reversed = [.. all.Where(e => e.Kind == LedgerKind.Reversal).Select(e => e.Revision)];
        List<LedgerEntry> inForce = [.. all.Where(e => e.Kind == LedgerKind.Credit && !reversed.Contains(e.Revision))];
        HashSet<(Guid, CreditRole, decimal, decimal, decimal)> held = [.. inForce.Select(e => (e.TeacherId, e.Role, e.Units, e.Ratio, e.Hours))];
        if (held.SetEquals(verdict.Lines.Select(l => (l.TeacherId, l.Role, l.Units, l.Ratio, l.Hours))))
        {
            return;
        }

        db.AddRange(inForce.Select(e => Reversal(judgement, e, now)));
        db.AddRange(verdict.Lines.Select(l => Entry(judgement, mode, l, now)));
    }

    /// <summary>冲销: takes an entry back in full.</summary>
    private static LedgerEntry Reversal(StoredJudgement judgement, LedgerEntry entry, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        JudgementId = judgement.Id,
        OccurrenceId = entry.OccurrenceId,
        TeacherId = entry.TeacherId,
        Role = entry.Role,
        Kind = LedgerKind.Reversal,
        Revision = entry.Revision,
        Mode = entry.Mode,
        Units = -entry.Units,
        Ratio = entry.Ratio,
        Hours = -entry.Hours,
        At = now,
        Reasons = JsonSerializer.Serialize(new[] { new Reason("reversed") }, Json),
    };

    private static LedgerEntry Entry(StoredJudgement judgement, LessonMode mode, CreditLine line, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        JudgementId = judgement.Id,
        OccurrenceId = judgement.OccurrenceId,
        TeacherId = line.TeacherId,
        Role = line.Role,
        Kind = LedgerKind.Credit,
        Revision = judgement.Revision,
        Mode = mode,
        Units = line.Units,
        Ratio = line.Ratio,
        Hours = line.Hours,
        At = now,
        Reasons = JsonSerializer.Serialize(line.Reasons, Json),
    };
}
