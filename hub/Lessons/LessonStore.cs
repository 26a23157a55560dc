using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>A lesson as it is stored: what was planned and what happened.</summary>
internal sealed record StoredLesson(Occurrence Occurrence, IReadOnlyList<LessonFact> Facts, IReadOnlyList<ChatLine> Chat);

/// <param name="ToJudge">It is to be judged; else: opened, or gone on with.</param>
internal readonly record struct DueLesson(Guid Id, bool ToJudge);

/// <summary>Reads and writes lessons. Each call has its own short-lived context; thread-safe.</summary>
internal sealed class LessonStore(IServiceScopeFactory scopes) : IDisposable
{
    private const int ChatKept = 200;

    private static readonly LessonPhase[] Unfinished =
        [LessonPhase.Planned, LessonPhase.Ready, LessonPhase.Live, LessonPhase.Interrupted];

    /// <summary>SQLite has one writer at a time, and its waiting holds a thread: lessons take turns before it instead of inside it.</summary>
    private readonly SemaphoreSlim _writers = new(4);

    public void Dispose() => _writers.Dispose();

    /// <summary>Lessons that need the director's attention: not over and opening before <paramref name="until"/>, or to be judged by <paramref name="now"/>.</summary>
    public async Task<IReadOnlyList<DueLesson>> DueAsync(DateTimeOffset until, DateTimeOffset now)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        IQueryable<Occurrence> all = Db(scope).Set<Occurrence>();
        List<Guid> toJudge = await all.Where(o => o.JudgeAt <= now).Select(o => o.Id).ToListAsync();
        List<Guid> toOpen = await all.Where(o => Unfinished.Contains(o.Phase) && o.StartsAt <= until).Select(o => o.Id).ToListAsync();
        return [.. toJudge.Select(id => new DueLesson(id, true)), .. toOpen.Select(id => new DueLesson(id, false))];
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

    /// <summary>Stores new facts together with what they mean for the occurrence's row; storing the same facts twice is storing them once.</summary>
    /// <param name="state">The state after the last of them.</param>
    /// <returns>False: somebody else has stored other facts in their place.</returns>
    public async Task<bool> AppendAsync(Guid lessonId, IReadOnlyList<LessonFact> facts, LessonState state, TimeSpan settleTime)
    {
        await _writers.WaitAsync();
        try
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            HubDbContext db = Db(scope);
            long before = state.Sequence - facts.Count;
            List<LessonEvent> known = await db.Set<LessonEvent>().AsNoTracking()
                .Where(e => e.LessonId == lessonId && e.Sequence > before).OrderBy(e => e.Sequence).ToListAsync();
            if (known.Count > 0)
            {
                return known.Count >= facts.Count && known.Zip(facts).All(p => IsSame(p.First, p.Second)); // the answer of that commit was lost
            }

            db.AddRange(facts.Select((f, i) => LessonEvent.Of(lessonId, before + i + 1, f)));
            Occurrence occurrence = await db.Set<Occurrence>().Include(o => o.Participations).SingleAsync(o => o.Id == lessonId);
            occurrence.Version++;
            occurrence.Phase = state.Phase;
            occurrence.StartedAt = state.StartedAt;
            occurrence.EndedAt = state.EndedAt;
            occurrence.JudgeAt = facts.Select(f => JudgeAtAfter(f, settleTime)).LastOrDefault(at => at is not null) ?? occurrence.JudgeAt;
            await BookAsync(db, occurrence, facts);
            await db.SaveChangesAsync();
            return true;
        }
        finally
        {
            _writers.Release();
        }
    }

    /// <summary>When a lesson is to be judged because of a fact; null: the fact changes nothing about it.</summary>
    public static DateTimeOffset? JudgeAtAfter(LessonFact fact, TimeSpan settleTime) => fact.Kind switch
    {
        LessonFactKind.Ended => fact.At + settleTime,
        LessonFactKind.Cancelled or LessonFactKind.Missed => fact.At,
        _ => null,
    };

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

    private static bool IsSame(LessonEvent known, LessonFact fact) => known.Kind == fact.Kind && known.SeatId == fact.SeatId && known.Text == fact.Text;

    /// <summary>A lesson that is over or cancelled frees its rooms; one that has started is not cancelled, whatever came between.</summary>
    private static async Task BookAsync(HubDbContext db, Occurrence occurrence, IReadOnlyList<LessonFact> facts)
    {
        if (facts.LastOrDefault(f => f.Kind == LessonFactKind.Cancelled) is { } cancelled)
        {
            (occurrence.CancelReason, occurrence.CancelledAt, occurrence.CancelledById) = (cancelled.Text, cancelled.At, cancelled.ActorId);
        }

        if (occurrence.Phase is LessonPhase.Cancelled or LessonPhase.Ended)
        {
            occurrence.Participations.ForEach(p => p.Booked = false);
        }
        else if (occurrence.CancelledAt is not null && occurrence.StartedAt is not null)
        {
            (occurrence.CancelReason, occurrence.CancelledAt, occurrence.CancelledById) = (null, null, null);
            Guid[] rooms = [.. occurrence.Participations.Select(p => p.ClassroomId)];
            List<Guid> taken = await db.Set<Participation>().Where(p => p.Booked && p.OccurrenceId != occurrence.Id && rooms.Contains(p.ClassroomId)
                && p.StartsAt < occurrence.EndsAt && occurrence.StartsAt < p.EndsAt).Select(p => p.ClassroomId).ToListAsync();
            occurrence.Participations.ForEach(p => p.Booked |= occurrence.Phase is LessonPhase.Live or LessonPhase.Interrupted && !taken.Contains(p.ClassroomId));
        }
    }

    private static HubDbContext Db(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<HubDbContext>();
}
