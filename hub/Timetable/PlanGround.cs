using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>
/// Who and what a planner may choose from: the county's offices everything, a head the school's teachers, a teacher herself; recording rooms of the
/// lecturers' own schools; receiving rooms of these schools and of those they are paired with.
/// </summary>
internal sealed record PlanGround
{
    /// <summary>Plans for the whole county: what crosses schools is asked about, not refused.</summary>
    public bool County { get; init; }

    public IReadOnlyList<Teacher> Lecturers { get; init; } = [];

    public IReadOnlyList<Classroom> HostRooms { get; init; } = [];

    public IReadOnlyList<Classroom> ReceivingRooms { get; init; } = [];

    /// <summary>By school.</summary>
    public ILookup<Guid, SchoolClass> Classes { get; init; } = Array.Empty<SchoolClass>().ToLookup(c => c.SchoolId);

    /// <summary>By school.</summary>
    public ILookup<Guid, Teacher> Assistants { get; init; } = Array.Empty<Teacher>().ToLookup(t => t.SchoolId);

    /// <summary>Main school and receiving school.</summary>
    public IReadOnlySet<(Guid Main, Guid Receiving)> Pairs { get; init; } = new HashSet<(Guid, Guid)>();

    public static async Task<PlanGround> ReadAsync(HubDbContext db, Caller caller, CancellationToken cancel)
    {
        bool county = PlanRights.PlansForCounty(caller);
        List<Teacher> teachers = await db.Set<Teacher>().AsNoTracking().Include(t => t.School).ToListAsync(cancel);
        Teacher[] lecturers = [.. teachers.Where(t => t.School.Kind == SchoolKind.Main && PlanRights.MayChange(caller, t))];
        HashSet<Guid> home = [.. lecturers.Select(t => t.SchoolId)];
        HashSet<(Guid Main, Guid Receiving)> pairs =
            [.. (await db.Set<Pairing>().AsNoTracking().Select(p => new { p.MainSchoolId, p.ReceivingSchoolId }).ToListAsync(cancel)).Select(p => (p.MainSchoolId, p.ReceivingSchoolId))];
        bool Reaches(Guid school) => county || home.Contains(school) || pairs.Any(p => p.Receiving == school && home.Contains(p.Main));
        List<Classroom> rooms = await db.Set<Classroom>().AsNoTracking().Include(r => r.School).ToListAsync(cancel);
        List<SchoolClass> classes = await db.Set<SchoolClass>().AsNoTracking().ToListAsync(cancel);
        Classroom[] sorted = [.. rooms.OrderBy(r => r.School.Name, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal)];
        return new PlanGround
        {
            County = county,
            Lecturers = [.. lecturers.OrderBy(t => t.School.Name, StringComparer.Ordinal).ThenBy(t => t.Name, StringComparer.Ordinal)],
            HostRooms = [.. sorted.Where(r => r.Equipment == DeviceRole.Main && home.Contains(r.SchoolId))],
            ReceivingRooms = [.. sorted.Where(r => r.Equipment == DeviceRole.Receiving && Reaches(r.SchoolId))],
            Classes = classes.Where(c => Reaches(c.SchoolId)).OrderBy(c => c.Grade).ThenBy(c => c.Name, StringComparer.Ordinal).ToLookup(c => c.SchoolId),
            Assistants = teachers.Where(t => Reaches(t.SchoolId)).OrderBy(t => t.Name, StringComparer.Ordinal).ToLookup(t => t.SchoolId),
            Pairs = pairs,
        };
    }
}
