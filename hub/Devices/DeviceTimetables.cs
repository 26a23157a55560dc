using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>What a device may know of the timetable: the lessons in which its own room has a seat of its own role.</summary>
internal sealed class DeviceTimetables(HubDbContext db, DevicesOptions devices, LessonsOptions lessons, HubOptions hub, TimeProvider clock)
{
    /// <summary>A lesson stays in the list for so long after its end.</summary>
    private static readonly TimeSpan After = TimeSpan.FromHours(1);

    /// <summary>No lesson is longer; bounds the search for lessons that still run.</summary>
    private static readonly TimeSpan LongestLesson = TimeSpan.FromDays(1);

    public async Task<DeviceTimetable> ReadAsync(DeviceCaller device, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var room = await db.Set<Classroom>().Where(r => r.Id == device.ClassroomId).Select(r => new { r.Name, School = r.School.Name }).SingleAsync(cancel);
        return new DeviceTimetable(
            device.DeviceId, device.Role, room.Name, room.School, hub.TimeZone, now, lessons.OpenBefore, lessons.JoinBefore,
            await OccurrencesAsync(device, now, cancel));
    }

    /// <param name="from">The lessons now running, and those that ended less than an hour before, are in it too.</param>
    private Task<List<DeviceOccurrence>> OccurrencesAsync(DeviceCaller device, DateTimeOffset from, CancellationToken cancel)
    {
        SeatRole seat = device.Role == DeviceRole.Main ? SeatRole.Host : SeatRole.Receiving;
        Guid room = device.ClassroomId;
        DateTimeOffset ended = from - After, earliest = from - LongestLesson, until = from.AddDays(devices.TimetableDays);
        return db.Set<Occurrence>().AsNoTracking()
            .Where(o => o.StartsAt >= earliest && o.StartsAt < until)
            .Where(o => o.EndsAt > ended || o.EndedAt > ended || o.Phase == LessonPhase.Live || o.Phase == LessonPhase.Interrupted)
            .Where(o => o.Participations.Any(p => p.ClassroomId == room && p.Role == seat))
            .OrderBy(o => o.StartsAt).ThenBy(o => o.Id)
            .Select(o => new DeviceOccurrence(
                o.Id,
                o.Participations.Where(p => p.ClassroomId == room && p.Role == seat).Select(p => p.SeatId).First(),
                seat, o.Mode, o.Subject, o.Topic, o.Lecturer.Name,
                o.Participations.Where(p => p.Role == SeatRole.Host).Select(p => p.Classroom.School.Name).First(),
                o.Participations.Where(p => p.Role == SeatRole.Host).Select(p => p.Classroom.Name).First(),
                o.StartsAt, o.EndsAt, o.StartsByTimetable, o.Phase))
            .ToListAsync(cancel);
    }
}
