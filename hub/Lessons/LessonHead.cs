using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What a lesson's pages say about it before the live state arrives, and who may open them.</summary>
/// <param name="LecturerAccount">Null when the lecturer has no account.</param>
/// <param name="Assistants">Accounts of the assistants in the receiving classrooms.</param>
/// <param name="Schools">All schools that take part.</param>
internal sealed record LessonHead(
    Guid Id, LessonPhase Phase, LessonMode Mode, string Subject, string Topic, string Lecturer, string HostSchool,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid? LecturerAccount, IReadOnlyList<Guid> Assistants, IReadOnlyList<Guid> Schools)
{
    /// <summary>The lecturer's live room.</summary>
    public bool MayTeach(Caller caller) => LecturerAccount == caller.AccountId;

    /// <summary>The observer's view: inspectors, the county, heads of the schools that take part.</summary>
    public bool MayObserve(Caller caller) => caller.SeesCounty || (caller.HeadsSchool && Schools.Contains(caller.SchoolId!.Value));

    /// <summary>The record afterwards: who may observe, the lecturer and the assistants.</summary>
    public bool MayRead(Caller caller) => MayObserve(caller) || MayTeach(caller) || Assistants.Contains(caller.AccountId);

    /// <returns>Null when there is no such lesson.</returns>
    public static async Task<LessonHead?> FindAsync(HubDbContext db, Guid id, CancellationToken cancel)
    {
        Occurrence? lesson = await db.Set<Occurrence>().AsNoTracking()
            .Include(o => o.Lecturer)
            .Include(o => o.Participations).ThenInclude(p => p.Classroom).ThenInclude(c => c.School)
            .Include(o => o.Participations).ThenInclude(p => p.Assistant)
            .SingleOrDefaultAsync(o => o.Id == id, cancel);
        return lesson is null
            ? null
            : new LessonHead(
                lesson.Id, lesson.Phase, lesson.Mode, lesson.Subject, lesson.Topic, lesson.Lecturer.Name, lesson.Host.Classroom.School.Name,
                lesson.StartsAt, lesson.EndsAt, lesson.Lecturer.AccountId,
                [.. lesson.Participations.Select(p => p.Assistant?.AccountId).OfType<Guid>()],
                [.. lesson.Participations.Select(p => p.Classroom.SchoolId)]);
    }
}
