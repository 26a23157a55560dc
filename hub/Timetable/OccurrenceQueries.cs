using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Ways to ask for occurrences, always within a caller's scope.</summary>
internal static class OccurrenceQueries
{
    /// <summary>With everything that a board, a room or a judgement shows: seats, rooms, schools, classes, people.</summary>
    public static IQueryable<Occurrence> WithSeats(this IQueryable<Occurrence> occurrences) => occurrences
        .Include(o => o.Lecturer)
        .Include(o => o.Participations.OrderBy(p => p.Role).ThenBy(p => p.SeatId)).ThenInclude(p => p.Classroom).ThenInclude(c => c.School)
        .Include(o => o.Participations).ThenInclude(p => p.SchoolClass)
        .Include(o => o.Participations).ThenInclude(p => p.Assistant)
        .AsSplitQuery();

    /// <summary>Those that start within [from, to).</summary>
    public static IQueryable<Occurrence> Between(this IQueryable<Occurrence> occurrences, DateTimeOffset from, DateTimeOffset to) =>
        occurrences.Where(o => o.StartsAt >= from && o.StartsAt < to);

    /// <summary>County roles see all; a school head the own school's; everybody else the lessons they lecture or assist in.</summary>
    public static IQueryable<Occurrence> VisibleTo(this IQueryable<Occurrence> occurrences, Caller caller) =>
        caller.SeesCounty ? occurrences
        : caller.HeadsSchool ? occurrences.Where(o => o.Participations.Any(p => p.Classroom.SchoolId == caller.SchoolId))
        : occurrences.Where(o => o.Lecturer.AccountId == caller.AccountId
            || o.Participations.Any(p => p.Assistant != null && p.Assistant.AccountId == caller.AccountId));
}
