using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>A room's month: of all devices that were in it.</summary>
internal sealed record UptimeRoom(string Room, UptimeSeconds Seconds, int Issues, string? DeviceId);

/// <summary>A school's month.</summary>
/// <param name="Rooms">Those with a device that was watched.</param>
internal sealed record UptimeSchool(string Town, string School, IReadOnlyList<UptimeRoom> Rooms)
{
    public UptimeSeconds Seconds => Rooms.Aggregate(default(UptimeSeconds), (sum, r) => sum + r.Seconds);

    public int Issues => Rooms.Sum(r => r.Issues);
}

/// <summary>The uptime of a month within a caller's scope, school by school.</summary>
/// <param name="Month">Its first day.</param>
internal sealed record UptimeReport(DateOnly Month, IReadOnlyList<UptimeSchool> Schools)
{
    public UptimeSeconds Seconds => Schools.Aggregate(default(UptimeSeconds), (sum, s) => sum + s.Seconds);

    public static async Task<UptimeReport> ReadAsync(HubDbContext db, CountyTime county, Caller caller, DateOnly month, CancellationToken cancel)
    {
        DateOnly first = new(month.Year, month.Month, 1), next = first.AddMonths(1);
        (DateTimeOffset from, DateTimeOffset to) = (county.At(first, TimeOnly.MinValue), county.At(next, TimeOnly.MinValue));
        var rooms = await db.Set<Classroom>().AsNoTracking().Of(caller)
            .Select(r => new { r.Id, r.Name, School = r.School.Name, r.School.Kind, r.School.Town }).ToListAsync(cancel);
        var devices = (await db.Set<Device>().AsNoTracking().Select(d => new { d.Id, d.ClassroomId, d.EnrolledAt }).ToListAsync(cancel)).ToLookup(d => d.ClassroomId);
        Dictionary<string, UptimeSeconds> seconds = (await db.Set<DeviceDay>().AsNoTracking().Where(d => d.Day >= first && d.Day < next).GroupBy(d => d.DeviceId)
            .Select(g => new { g.Key, Up = g.Sum(d => d.Up), Down = g.Sum(d => d.Down), Maintenance = g.Sum(d => d.Maintenance), LessonUp = g.Sum(d => d.LessonUp), LessonDown = g.Sum(d => d.LessonDown) })
            .ToListAsync(cancel)).ToDictionary(d => d.Key, d => new UptimeSeconds(d.Up, d.Down, d.Maintenance, d.LessonUp, d.LessonDown));
        Dictionary<string, int> issues = await db.Set<DeviceIssue>().AsNoTracking().Where(i => i.RaisedAt >= from && i.RaisedAt < to && i.Severity != IssueSeverity.Information)
            .GroupBy(i => i.DeviceId).ToDictionaryAsync(g => g.Key, g => g.Count(), cancel);
        return new UptimeReport(first, [.. rooms.GroupBy(r => (r.Kind, r.School, r.Town)).OrderBy(s => s.Key.Kind).ThenBy(s => s.Key.School, StringComparer.Ordinal)
            .Select(s => new UptimeSchool(s.Key.Town, s.Key.School, [.. s.OrderBy(r => r.Name, StringComparer.Ordinal)
                .Select(r => new UptimeRoom(
                    r.Name, devices[r.Id].Aggregate(default(UptimeSeconds), (sum, d) => sum + seconds.GetValueOrDefault(d.Id)), devices[r.Id].Sum(d => issues.GetValueOrDefault(d.Id)),
                    devices[r.Id].OrderBy(d => d.EnrolledAt).LastOrDefault()?.Id))
                .Where(r => r.Seconds != default)]))
            .Where(s => s.Rooms.Count > 0)]);
    }
}
