using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>Why a decision was not taken.</summary>
internal enum DecisionRefusal
{
    /// <summary>Only a county administrator decides.</summary>
    NotAllowed,

    /// <summary>Nobody decides about a lesson in which they taught or helped.</summary>
    Involved,

    /// <summary>The records decide the lesson, or it is not over.</summary>
    NothingToDecide,

    /// <summary>1 to 500 characters are asked for.</summary>
    NoReason,

    /// <summary>Not one of valid, invalid, cancelled for cause, missed.</summary>
    WrongOutcome,

    /// <summary>A room that does not receive this lesson.</summary>
    UnknownRoom,
}

/// <summary>Takes a county administrator's decision about a lesson that evidence alone does not decide, and judges the lesson by it.</summary>
internal sealed class DecisionDesk(HubDbContext db, LessonJudge judge, AuditTrail audit, TimeProvider clock)
{
    public const int LongestReason = 500;

    public static readonly IReadOnlyList<JudgementStatus> Outcomes =
        [JudgementStatus.Valid, JudgementStatus.Invalid, JudgementStatus.Cancelled, JudgementStatus.Missed];

    /// <param name="rooms">Seats of the rooms whose class counts; looked at with <see cref="JudgementStatus.Valid"/> only.</param>
    /// <returns>Null: decided, judged and audited.</returns>
    public async Task<DecisionRefusal?> DecideAsync(
        Caller caller, Guid lessonId, JudgementStatus outcome, IReadOnlyCollection<string> rooms, string? reason, CancellationToken cancel)
    {
        Occurrence? lesson = await db.Set<Occurrence>().AsNoTracking().WithSeats().SingleOrDefaultAsync(o => o.Id == lessonId, cancel);
        if (lesson is null)
        {
            return DecisionRefusal.NothingToDecide;
        }

        string why = reason?.Trim() ?? "";
        string[] seats = outcome == JudgementStatus.Valid ? [.. rooms.Distinct().Order(StringComparer.Ordinal)] : [];
        DecisionRefusal? refusal = await MayDecideAsync(caller, lesson, cancel)
            ?? (!Outcomes.Contains(outcome) ? DecisionRefusal.WrongOutcome
                : why.Length is 0 or > LongestReason ? DecisionRefusal.NoReason
                : seats.All(s => lesson.Participations.Any(p => p.SeatId == s && p.Role == SeatRole.Receiving)) ? null
                : DecisionRefusal.UnknownRoom);
        if (refusal is not null)
        {
            return refusal;
        }

        db.Add(new LessonDecision
        {
            Id = Guid.CreateVersion7(),
            OccurrenceId = lessonId,
            Outcome = outcome,
            Rooms = string.Join(',', seats),
            Reason = why,
            At = clock.GetUtcNow(),
            DecidedById = caller.AccountId,
            DecidedBy = caller.DisplayName.Length > 0 ? caller.DisplayName : caller.Login,
        });
        audit.Add(AuditAction.DecidedLesson, caller.AccountId, caller.Login, lessonId.ToString(), $"{outcome} {string.Join(',', seats)}".TrimEnd());
        await db.SaveChangesAsync(cancel);
        await judge.JudgeAsync(lessonId, cancel);
        return null;
    }

    /// <returns>Null: this person may decide this lesson now.</returns>
    public async Task<DecisionRefusal?> MayDecideAsync(Caller caller, Occurrence lesson, CancellationToken cancel)
    {
        if (!caller.Is(Roles.CountyAdmin))
        {
            return DecisionRefusal.NotAllowed;
        }

        if (lesson.Lecturer.AccountId == caller.AccountId || lesson.Participations.Any(p => p.Assistant?.AccountId == caller.AccountId))
        {
            return DecisionRefusal.Involved;
        }

        StoredJudgement? judgement = await db.Set<StoredJudgement>().AsNoTracking().Where(j => j.OccurrenceId == lesson.Id)
            .OrderByDescending(j => j.Revision).FirstOrDefaultAsync(cancel);
        bool open = judgement is not null
            && (judgement.NeedsDecision || judgement.Status == JudgementStatus.Missed
                || (judgement.Status == JudgementStatus.Undetermined && clock.GetUtcNow() >= lesson.EndsAt)
                || await db.Set<LessonDecision>().AnyAsync(d => d.OccurrenceId == lesson.Id, cancel));
        return open ? null : DecisionRefusal.NothingToDecide;
    }
}
