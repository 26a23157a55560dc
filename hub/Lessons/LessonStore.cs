using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>A lesson as it is stored: what was planned and what happened.</summary>
internal sealed record StoredLesson(Occurrence Occurrence, IReadOnlyList<LessonFact> Facts, IReadOnlyList<ChatLine> Chat);

/// <summary>Reads and writes lessons. Each call has its own short-lived context; thread-safe.</summary>
internal sealed class LessonStore(IServiceScopeFactory scopes)
{
    private const int ChatKept = 200;

    private static readonly LessonPhase[] Unfinished =
        [LessonPhase.Planned, LessonPhase.Ready, LessonPhase.Live, LessonPhase.Interrupted, LessonPhase.Ended];

    /// <summary>Lessons that need the director's attention: not over, and opening before <paramref name="until"/>.</summary>
    public async Task<IReadOnlyList<Guid>> DueAsync(DateTimeOffset until)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = Db(scope);
        return await db.Set<Occurrence>()
            .Where(o => o.StartsAt <= until && (Unfinished.Contains(o.Phase)
                || ((o.Phase == LessonPhase.Missed || o.Phase == LessonPhase.Cancelled) && !db.Set<StoredJudgement>().Any(j => j.OccurrenceId == o.Id))))
            .Select(o => o.Id).ToListAsync();
    }

    /// <summary>Lessons that ended before <paramref name="endedBefore"/> and are still undetermined: evidence is not waited for any longer.</summary>
    public async Task<IReadOnlyList<Guid>> UnjudgedAsync(DateTimeOffset endedBefore)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = Db(scope);
        return await db.Set<Occurrence>()
            .Where(o => ((o.Phase == LessonPhase.Judged && o.EndedAt <= endedBefore) || (o.Phase == LessonPhase.Missed && o.EndsAt <= endedBefore)) && db.Set<StoredJudgement>()
                .Where(j => j.OccurrenceId == o.Id).OrderByDescending(j => j.Revision).First().Status == JudgementStatus.Undetermined)
            .Select(o => o.Id).ToListAsync();
    }

    /// <summary>Lessons that end after <paramref name="endedAfter"/> with evidence younger than their newest judgement.</summary>
    public async Task<IReadOnlyList<Guid>> JudgedBeforeEvidenceAsync(DateTimeOffset endedAfter)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = Db(scope);
        return await db.Set<Occurrence>()
            .Where(o => o.EndsAt >= endedAfter && (o.Phase == LessonPhase.Judged || o.Phase == LessonPhase.Missed)
                && db.Set<EvidenceInterval>().Where(e => e.LessonId == o.Id).Max(e => (DateTimeOffset?)e.RecordedAt)
                > db.Set<StoredJudgement>().Where(j => j.OccurrenceId == o.Id).Max(j => (DateTimeOffset?)j.JudgedAt))
            .Select(o => o.Id).ToListAsync();
    }

    public async Task<StoredLesson?> LoadAsync(Guid lessonId)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = Db(scope);
        Occurrence? occurrence = await db.Set<Occurrence>().AsNoTracking().WithSeats().SingleOrDefaultAsync(o => o.Id == lessonId);
        if (occurrence is null)
        {
            return null;
        }

        List<LessonEvent> events = await db.Set<LessonEvent>().AsNoTracking()
            .Where(e => e.LessonId == lessonId).OrderBy(e => e.Sequence).ToListAsync();
        List<ChatLine> chat = await db.Set<ChatEntry>().Where(c => c.LessonId == lessonId).OrderByDescending(c => c.Id).Take(ChatKept)
            .Select(c => new ChatLine(c.Id, c.SeatId, c.Author, c.Text, c.At)).ToListAsync();
        chat.Reverse();
        return new StoredLesson(occurrence, [.. events.Select(e => e.ToFact())], chat);
    }

    /// <summary>Start of the next lesson in any of the rooms of this one; null when there is none within a day.</summary>
    public async Task<DateTimeOffset?> NextLessonAsync(Occurrence occurrence)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        Guid[] rooms = [.. occurrence.Participations.Select(p => p.ClassroomId)];
        DateTimeOffset from = occurrence.EndsAt, to = from.AddDays(1);
        return await Db(scope).Set<Participation>()
            .Where(p => p.Booked && p.OccurrenceId != occurrence.Id && rooms.Contains(p.ClassroomId) && p.StartsAt >= from && p.StartsAt < to)
            .OrderBy(p => p.StartsAt).Select(p => (DateTimeOffset?)p.StartsAt).FirstOrDefaultAsync();
    }

    /// <summary>Stores new facts together with what they mean for the occurrence's row.</summary>
    /// <param name="state">The state after the last of them.</param>
    public async Task AppendAsync(Guid lessonId, IReadOnlyList<LessonFact> facts, LessonState state)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = Db(scope);
        long sequence = state.Sequence - facts.Count;
        db.AddRange(facts.Select((f, i) => LessonEvent.Of(lessonId, sequence + i + 1, f)));
        Occurrence occurrence = await db.Set<Occurrence>().SingleAsync(o => o.Id == lessonId);
        occurrence.Phase = state.Phase;
        occurrence.StartedAt = state.StartedAt;
        occurrence.EndedAt = state.EndedAt;
        await db.SaveChangesAsync();
    }

    /// <returns>The line's id: higher for every later line.</returns>
    public async Task<long> AddChatAsync(Guid lessonId, string seatId, string author, string text, DateTimeOffset at)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = Db(scope);
        var entry = new ChatEntry { LessonId = lessonId, SeatId = seatId, Author = author, Text = text, At = at };
        db.Add(entry);
        await db.SaveChangesAsync();
        return entry.Id;
    }

    private static HubDbContext Db(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<HubDbContext>();
}
