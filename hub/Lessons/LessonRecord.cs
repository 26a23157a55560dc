using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Recordings;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>One movement of somebody's hours by this lesson, with its reasons in the stored form.</summary>
internal sealed record RecordCredit(LedgerKey Key, string Teacher, CreditRole Role, LedgerKind Kind, decimal Units, decimal Ratio, decimal Hours, string Reasons);

/// <summary>Everything that is known of a lesson afterwards.</summary>
/// <param name="Judgements">All revisions, newest first; empty before the first.</param>
/// <param name="OwnAccounts">What the classrooms' devices handed in late of their own part: nobody could see it in <paramref name="Events"/>.</param>
/// <param name="Late">Observations that reached the hub more than <see cref="LateAfter"/> after the lesson's end.</param>
internal sealed record LessonRecord(
    Occurrence Lesson, IReadOnlyList<StoredJudgement> Judgements, RecordTimeline Timeline, IReadOnlyList<LessonEvent> Events, IReadOnlyList<SeatReport> OwnAccounts,
    IReadOnlyList<RecordCredit> Credits, IReadOnlyList<ChatEntry> Chat, IReadOnlyList<Recording> Recordings, int Observations, int Late)
{
    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(2);

    public StoredJudgement? Judgement => Judgements.Count > 0 ? Judgements[0] : null;

    public Verdict? Verdict => Judgement is { } judgement ? LessonJudge.VerdictOf(judgement) : null;

    /// <summary>Over, but not judged for good.</summary>
    public bool Pending => Lesson.Phase == LessonPhase.Ended || Judgement?.Status == JudgementStatus.Undetermined;

    public IReadOnlyDictionary<string, string> Rooms => Lesson.Participations.ToDictionary(p => p.SeatId, p => FactLine.NameOf(p.Classroom));

    /// <summary>The seat that a recorded stream came from.</summary>
    public Participation? SeatOf(Recording recording) => Lesson.Participations.Find(p => p.SeatId == StreamIds.SeatOf(recording.StreamId));

    /// <returns>Null when there is no such lesson.</returns>
    public static async Task<LessonRecord?> ReadAsync(HubDbContext db, Guid id, CancellationToken cancel)
    {
        if (await db.Set<Occurrence>().AsNoTracking().WithSeats().SingleOrDefaultAsync(o => o.Id == id, cancel) is not { } lesson)
        {
            return null;
        }

        List<StoredJudgement> judgements = await db.Set<StoredJudgement>().AsNoTracking().Where(j => j.OccurrenceId == id)
            .OrderByDescending(j => j.Revision).ToListAsync(cancel);
        List<EvidenceInterval> evidence = await db.Set<EvidenceInterval>().AsNoTracking().Where(e => e.LessonId == id).ToListAsync(cancel);
        List<LessonEvent> events = await db.Set<LessonEvent>().AsNoTracking().Where(e => e.LessonId == id).OrderBy(e => e.Sequence).ToListAsync(cancel);
        List<SeatReport> own = await db.Set<SeatReport>().AsNoTracking().Where(r => r.LessonId == id && r.Late).ToListAsync(cancel);
        List<RecordCredit> credits = await db.Set<LedgerEntry>().AsNoTracking().Where(e => e.OccurrenceId == id)
            .OrderBy(e => e.Revision).ThenBy(e => e.Kind).ThenBy(e => e.Role)
            .Select(e => new RecordCredit(
                new LedgerKey(e.Id, e.Kind, e.ReversesId, e.OccurrenceId, e.TeacherId, e.Role, e.Revision), e.Teacher.Name, e.Role, e.Kind, e.Units, e.Ratio, e.Hours, e.Reasons)).ToListAsync(cancel);
        List<ChatEntry> chat = await db.Set<ChatEntry>().AsNoTracking().Where(c => c.LessonId == id).OrderBy(c => c.Id).ToListAsync(cancel);
        List<Recording> recordings = await db.Set<Recording>().AsNoTracking().Where(r => r.LessonId == id).ToListAsync(cancel);
        DateTimeOffset end = lesson.EndedAt ?? lesson.EndsAt;
        return new LessonRecord(
            lesson, judgements, RecordTimeline.Of(lesson, evidence, events), events, own, credits, chat,
            [.. recordings.OrderBy(r => Rank(r.StreamId)).ThenBy(r => r.StreamId, StringComparer.Ordinal).ThenBy(r => r.StartedAt)],
            evidence.Count, evidence.Count(e => e.RecordedAt > end + LateAfter));
    }

    /// <summary>The lecturer first, then the screen, then the classrooms.</summary>
    private static int Rank(string streamId) => streamId switch
    {
        StreamIds.HostCamera => 0,
        StreamIds.HostScreen => 1,
        _ => 2,
    };
}
