using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Which devices are needed for a lesson now, as the timetable in the database says it.</summary>
internal sealed class RoomLessons(HubDbContext db, TimeProvider clock)
{
    /// <summary>Rooms are checked and open before the bell.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(15);

    /// <summary>A lesson that has begun counts until it is ended, also beyond its bell.</summary>
    private static readonly TimeSpan Overrun = TimeSpan.FromHours(1);

    /// <summary>Pupils do not leave with the bell, nor when the lesson is stopped before it.</summary>
    private static readonly TimeSpan Leaving = TimeSpan.FromMinutes(15);

    /// <returns>Ids of those among <paramref name="devices"/> whose room has or just had a lesson, whatever their part in it: pupils may be before the camera.</returns>
    public async Task<IReadOnlySet<string>> InRoomAsync(IReadOnlyCollection<Device> devices, CancellationToken cancel)
    {
        HashSet<Guid> rooms = [.. (await SeatsAsync(pupils: true, cancel)).Select(s => s.Room)];
        return devices.Where(d => rooms.Contains(d.ClassroomId)).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <returns>Ids of those among <paramref name="devices"/> whose room has a lesson in their role.</returns>
    public async Task<IReadOnlySet<string>> OfAsync(IReadOnlyCollection<Device> devices, CancellationToken cancel)
    {
        HashSet<(Guid, DeviceRole)> seats = await SeatsAsync(pupils: false, cancel);
        return devices.Where(d => seats.Contains((d.ClassroomId, d.Role))).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <param name="pupils">Lessons that are just over count as well.</param>
    private async Task<HashSet<(Guid Room, DeviceRole Role)>> SeatsAsync(bool pupils, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow(), open = now + Lead, overrun = now - Overrun, left = now - Leaving;
        return (await (
            from seat in db.Set<Participation>().AsNoTracking()
            join o in db.Set<Occurrence>() on seat.OccurrenceId equals o.Id
            where o.StartsAt <= open && o.Phase != LessonPhase.Cancelled && o.Phase != LessonPhase.Missed
                && ((o.EndedAt == null && (o.EndsAt > now || ((o.Phase == LessonPhase.Live || o.Phase == LessonPhase.Interrupted) && o.EndsAt > overrun)))
                    || (pupils && (o.EndsAt > left || o.EndedAt > left)))
            select new { seat.ClassroomId, seat.Role }).ToListAsync(cancel))
            .Select(s => (s.ClassroomId, s.Role == SeatRole.Host ? DeviceRole.Main : DeviceRole.Receiving)).ToHashSet();
    }
}
