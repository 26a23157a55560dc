using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What the board is narrowed to; null: everything.</summary>
internal sealed record BoardFilter(Guid? School, LessonMode? Mode);

/// <summary>A school that takes part in the day's lessons, for the filter.</summary>
internal sealed record BoardSchool(Guid Id, string Name);

/// <summary>A day's lessons as one caller may see them.</summary>
internal sealed record DayBoard(DateOnly Day, IReadOnlyList<BoardCard> Cards, IReadOnlyList<BoardSchool> Schools, int Unfiltered)
{
    public int Live => Cards.Count(c => c.IsTeaching);

    public int RoomsOnline => Cards.Where(c => c.IsOpen).Sum(c => c.Receivers.Count(r => r.Online == true));

    public int RoomsExpected => Cards.Where(c => c.IsOpen).Sum(c => c.Receivers.Count);

    public int Done => Cards.Count(c => c.Phase is LessonPhase.Ended or LessonPhase.Judged);

    /// <param name="live">The state of a lesson whose room is open; null for others.</param>
    public static async Task<DayBoard> ReadAsync(
        HubDbContext db, CountyTime time, Func<Guid, LessonSnapshot?> live, Caller caller, DateOnly day, BoardFilter filter, CancellationToken cancel)
    {
        (DateTimeOffset from, DateTimeOffset to) = time.BoundsOf(day);
        List<Occurrence> lessons = await db.Set<Occurrence>().AsNoTracking().VisibleTo(caller).Between(from, to).WithSeats().ToListAsync(cancel);
        BoardSchool[] schools =
        [
            .. lessons.SelectMany(l => l.Participations).Select(p => new BoardSchool(p.Classroom.SchoolId, p.Classroom.School.Name))
                .Distinct().OrderBy(s => s.Name, StringComparer.Ordinal),
        ];
        Occurrence[] shown =
        [
            .. lessons.Where(l => filter.Mode is null || l.Mode == filter.Mode)
                .Where(l => filter.School is null || l.Participations.Any(p => p.Classroom.SchoolId == filter.School))
                .OrderBy(l => l.StartsAt).ThenBy(l => l.Host.Classroom.School.Name, StringComparer.Ordinal),
        ];
        Guid[] ids = [.. shown.Select(l => l.Id)];
        Dictionary<Guid, JudgementStatus> judged = (await db.Set<StoredJudgement>().AsNoTracking().Where(j => ids.Contains(j.OccurrenceId))
                .Select(j => new { j.OccurrenceId, j.Revision, j.Status }).ToListAsync(cancel))
            .GroupBy(j => j.OccurrenceId).ToDictionary(g => g.Key, g => g.MaxBy(j => j.Revision)!.Status);
        return new DayBoard(
            day, [.. shown.Select(l => BoardCard.Of(l, live(l.Id), judged.TryGetValue(l.Id, out JudgementStatus status) ? status : null, caller))],
            schools, lessons.Count);
    }
}
