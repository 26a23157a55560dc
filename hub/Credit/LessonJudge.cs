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
/// Judges a stored occurrence and writes what it earns. A verdict that says what the last one said writes nothing; another one is the next
/// revision, with reversing entries for what no longer holds and the new entries, all in one transaction.
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
        StoredJudgement? last = await db.Set<StoredJudgement>().Where(j => j.OccurrenceId == occurrenceId)
            .OrderByDescending(j => j.Revision).FirstOrDefaultAsync(cancel);
        if (last is not null && VerdictOf(last).SaysAs(verdict))
        {
            await NoteNextAsync(occurrenceId, lesson, verdict, now, cancel);
            await transaction.CommitAsync(cancel);
            return last;
        }

        StoredJudgement judgement = Store(occurrenceId, verdict, (last?.Revision ?? 0) + 1, now);
        await MoveLedgerAsync(judgement, verdict, lesson.Mode, now, cancel);
        if (last is not null)
        {
            audit.Add(AuditAction.RejudgedLesson, null, "hub", occurrenceId.ToString(), $"{last.Revision} {last.Status} > {judgement.Revision} {judgement.Status}");
        }

        await db.SaveChangesAsync(cancel);
        await NoteNextAsync(occurrenceId, lesson, verdict, now, cancel);
        await transaction.CommitAsync(cancel);
        return judgement;
    }

    /// <summary>An undetermined lesson is judged once more when evidence is no longer waited for; any other when something comes in.</summary>
    private Task<int> NoteNextAsync(Guid occurrenceId, JudgedLesson lesson, Verdict verdict, DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset closes = EvidenceWindow.ClosesAt(lesson, policy);
        DateTimeOffset? next = verdict.Status == JudgementStatus.Undetermined && now < closes ? closes : null;
        return db.Set<Occurrence>().Where(o => o.Id == occurrenceId).ExecuteUpdateAsync(set => set.SetProperty(o => o.JudgeAt, next), cancel);
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
            Evidence = [.. evidence.Select(ObservationOf)],
            Outages = await OutagesAsync(occurrence, cancel),
            CancelReason = occurrence.CancelledAt is null ? null : occurrence.CancelReason ?? "",
            CancelledAt = occurrence.CancelledAt,
            StartedAt = occurrence.StartedAt,
            EndedAt = occurrence.EndedAt,
            Decision = await DecisionAsync(occurrenceId, cancel),
            CreditedElsewhere = await CreditedElsewhereAsync(occurrence, cancel),
        };
    }

    private static Observation ObservationOf(EvidenceInterval e) => new(e.SeatId, e.Source, e.Kind, e.From, e.To, e.Good)
    {
        Seen = e.Seen ?? e.Good,
        Heard = e.Heard ?? e.Good,
        Device = e.DeviceId,
        Stream = e.StreamId,
    };

    private async Task<IReadOnlyList<Stretch>> OutagesAsync(Occurrence lesson, CancellationToken cancel)
    {
        DateTimeOffset from = lesson.StartsAt - policy.Margin, to = lesson.EndsAt + policy.Margin;
        return await db.Set<Incident>().AsNoTracking().Where(i => i.Kind == IncidentKind.HubOutage && i.To > from && i.From < to)
            .OrderBy(i => i.From).Select(i => new Stretch(i.From, i.To)).ToListAsync(cancel);
    }

    private async Task<JudgedDecision?> DecisionAsync(Guid lesson, CancellationToken cancel)
    {
        LessonDecision? newest = await db.Set<LessonDecision>().AsNoTracking().Where(d => d.OccurrenceId == lesson)
            .OrderByDescending(d => d.At).ThenByDescending(d => d.Id).FirstOrDefaultAsync(cancel);
        return newest is null
            ? null
            : new JudgedDecision(newest.Outcome, newest.Rooms.Split(',', StringSplitOptions.RemoveEmptyEntries), newest.Reason, newest.DecidedBy, newest.At);
    }

    /// <summary>A person's minute counts once: who holds hours of another lesson that was held at the same time earns none here.</summary>
    private async Task<IReadOnlyDictionary<Guid, string>> CreditedElsewhereAsync(Occurrence lesson, CancellationToken cancel)
    {
        Guid[] persons = [lesson.LecturerId, .. lesson.Participations.Select(p => p.AssistantId).OfType<Guid>()];
        List<LedgerEntry> others = await db.Set<LedgerEntry>().AsNoTracking().Include(e => e.Occurrence)
            .Where(e => persons.Contains(e.TeacherId) && e.OccurrenceId != lesson.Id && e.Occurrence.StartsAt < lesson.EndsAt && e.Occurrence.EndsAt > lesson.StartsAt)
            .ToListAsync(cancel);
        HashSet<Guid> back = LedgerKey.TakenBack([.. others.Select(e => e.Key)]);
        return others.Where(e => e.Kind == LedgerKind.Credit && e.Units > 0 && !back.Contains(e.Id) && Overlap(e.Occurrence, lesson)).GroupBy(e => e.TeacherId)
            .ToDictionary(g => g.Key, g => $"{g.First().Occurrence.Subject} {g.First().Occurrence.Topic}");
    }

    private static bool Overlap(Occurrence one, Occurrence other) =>
        (one.StartedAt ?? one.StartsAt) < (other.EndedAt ?? other.EndsAt) && (other.StartedAt ?? other.StartsAt) < (one.EndedAt ?? one.EndsAt);

    private StoredJudgement Store(Guid occurrenceId, Verdict verdict, int revision, DateTimeOffset now)
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
            NeedsDecision = verdict.NeedsDecision,
            Verdict = JsonSerializer.Serialize(verdict, Json),
        };
        db.Add(judgement);
        return judgement;
    }

    /// <summary>Brings the ledger from what is in force to what the verdict says; person by person; moves nothing where they agree.</summary>
    private async Task MoveLedgerAsync(StoredJudgement judgement, Verdict verdict, LessonMode mode, DateTimeOffset now, CancellationToken cancel)
    {
        List<LedgerEntry> all = await db.Set<LedgerEntry>().AsNoTracking().Where(e => e.OccurrenceId == judgement.OccurrenceId).ToListAsync(cancel);
        HashSet<Guid> back = LedgerKey.TakenBack([.. all.Select(e => e.Key)]);
        List<LedgerEntry> inForce = [.. all.Where(e => e.Kind == LedgerKind.Credit && !back.Contains(e.Id))];
        db.AddRange(inForce.Where(e => !verdict.Lines.Any(l => Holds(e, l))).Select(e => Reversal(judgement, e, now)));
        db.AddRange(verdict.Lines.Where(l => !inForce.Any(e => Holds(e, l))).Select(l => Entry(judgement, mode, l, now)));
    }

    private static bool Holds(LedgerEntry entry, CreditLine line) =>
        (entry.TeacherId, entry.Role, entry.Units, entry.Ratio, entry.Hours) == (line.TeacherId, line.Role, line.Units, line.Ratio, line.Hours);

    /// <summary>冲销: takes an entry back in full.</summary>
    private static LedgerEntry Reversal(StoredJudgement judgement, LedgerEntry entry, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        JudgementId = judgement.Id,
        OccurrenceId = entry.OccurrenceId,
        TeacherId = entry.TeacherId,
        Role = entry.Role,
        Kind = LedgerKind.Reversal,
        ReversesId = entry.Id,
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
