using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Demo;

/// <summary>Puts the demo's lesson into the timetable and gives out the codes of its three rooms.</summary>
internal sealed class DemoLesson(HubDbContext db, TimetablePlanner planner, EnrolmentCodes codes, CreditPolicy policy, DemoAccounts accounts, DemoText text, TimeProvider clock)
{
    private static readonly TimeSpan UntilBell = TimeSpan.FromSeconds(15);

    /// <summary>One host and two receiving classrooms that are free now, the lesson beginning within 15 s and lasting one period.</summary>
    /// <param name="like">Its rooms once more, because their agents run; null: any.</param>
    /// <returns>The lesson with its rooms; null when no combination of rooms and lecturers is free.</returns>
    public async Task<Occurrence?> PlanAsync(Occurrence? like, CancellationToken stop)
    {
        List<Classroom> rooms = await db.Set<Classroom>().Include(r => r.School).OrderBy(r => r.School.Code).ThenBy(r => r.Name).ToListAsync(stop);
        string[] shown = [.. accounts.All.Select(a => a.Login)];
        HashSet<Guid> onCards = [.. await db.Set<Account>().Where(a => shown.Contains(a.UserName!)).Select(a => a.Id).ToListAsync(stop)];

        // A lecturer whom a visitor can sign in as with one click of the sign-in page.
        List<Teacher> teachers = [.. (await db.Set<Teacher>().OrderBy(t => t.Name).ToListAsync(stop)).OrderBy(t => !(t.AccountId is { } id && onCards.Contains(id)))];
        DateTimeOffset start = clock.GetUtcNow() + UntilBell;
        if (like is not null)
        {
            HashSet<Guid> again = [.. like.Participations.Select(p => p.ClassroomId)];
            rooms.RemoveAll(r => !again.Contains(r.Id));
        }

        Classroom[] receiving = [.. rooms.Where(r => r.Equipment == DeviceRole.Receiving).DistinctBy(r => r.SchoolId)];
        foreach (Classroom host in rooms.Where(r => r.Equipment == DeviceRole.Main && r.School.Kind == SchoolKind.Main))
        {
            foreach (Teacher lecturer in teachers.Where(t => t.SchoolId == host.SchoolId && t.AccountId is not null))
            {
                var wanted = new NewOccurrence(
                    LessonMode.Dedicated, text["Subject"], text["Topic"], Stage.Primary, lecturer.Id, host.Id,
                    [.. receiving.Take(2).Select(r => new NewReceiver(r.Id, AssistantId: teachers.FirstOrDefault(t => t.SchoolId == r.SchoolId)?.Id))],
                    start, start + policy.StandardPeriod.Primary, policy.StandardPeriod.Primary)
                {
                    StartsByTimetable = true,
                };
                if ((await planner.CreateAsync(wanted)) is { IsOk: true } planned)
                {
                    return await db.Set<Occurrence>().WithSeats().AsNoTracking().SingleAsync(o => o.Id == planned.Value.Id, stop);
                }
            }
        }

        return null;
    }

    public async Task<string> CodeAsync(Participation seat, CancellationToken stop) =>
        (await codes.IssueAsync(seat.ClassroomId, seat.Role == SeatRole.Host ? DeviceRole.Main : DeviceRole.Receiving, null, stop)).Code;
}
