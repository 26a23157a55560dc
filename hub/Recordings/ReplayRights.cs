using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>
/// Who may look at a lesson's recordings: who may read its record. The county and its inspectors, heads of the schools that took part,
/// the lecturer, and the assistants of the classrooms.
/// </summary>
internal static class ReplayRights
{
    public static Task<bool> AllowAsync(HubDbContext db, Caller caller, Guid lessonId, CancellationToken cancel)
    {
        IQueryable<Occurrence> lesson = db.Set<Occurrence>().Where(o => o.Id == lessonId);
        if (caller.SeesCounty)
        {
            return lesson.AnyAsync(cancel);
        }

        Guid? headed = caller.HeadsSchool ? caller.SchoolId : null;
        return lesson.AnyAsync(
            o => o.Lecturer.AccountId == caller.AccountId
                || o.Participations.Any(p => (p.Assistant != null && p.Assistant.AccountId == caller.AccountId)
                    || (headed != null && p.Classroom.SchoolId == headed)),
            cancel);
    }
}
