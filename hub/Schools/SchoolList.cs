using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>A room's device, in the state that the devices' own page shows.</summary>
/// <param name="LastSeenAt">UTC; null: it never was.</param>
internal sealed record RoomDevice(string Id, string MachineName, string AgentVersion, FleetGroup Group, DateTimeOffset? LastSeenAt)
{
    public bool Works => Group is FleetGroup.Healthy or FleetGroup.Degraded;
}

internal sealed record SchoolRoom(Guid Id, string Name, DeviceRole Equipment, IReadOnlyList<RoomDevice> Devices);

/// <summary>A school with its rooms.</summary>
/// <param name="Pairs">Names of the schools it is paired with.</param>
internal sealed record SchoolView(
    Guid Id, string? Code, string Name, SchoolKind Kind, string Town, int Classes, int Pupils, IReadOnlyList<SchoolRoom> Rooms, IReadOnlyList<string> Pairs);

/// <summary>The schools within a caller's scope: the own one for its head, else all.</summary>
internal static class SchoolList
{
    public static async Task<IReadOnlyList<SchoolView>> ReadAsync(
        HubDbContext db, FleetHealth fleet, Caller caller, CancellationToken cancel)
    {
        bool all = caller.SeesCounty || caller.Is(Roles.SystemAdmin);
        List<School> schools = await db.Set<School>().AsNoTracking().Where(s => all || s.Id == caller.SchoolId)
            .Include(s => s.Classrooms).Include(s => s.Classes).AsSplitQuery().ToListAsync(cancel);
        List<Device> devices = await db.Set<Device>().AsNoTracking().ToListAsync(cancel);
        ILookup<Guid, RoomDevice> byRoom = devices.OrderBy(d => d.EnrolledAt).ToLookup(
            d => d.ClassroomId,
            d => Of(d, fleet.ViewOf(d.Id)));
        List<(Guid Main, Guid Receiving, string MainName, string ReceivingName)> pairs = [.. (await db.Set<Pairing>().AsNoTracking()
            .Select(p => new { p.MainSchoolId, p.ReceivingSchoolId, Main = p.MainSchool.Name, Receiving = p.ReceivingSchool.Name }).ToListAsync(cancel))
            .Select(p => (p.MainSchoolId, p.ReceivingSchoolId, p.Main, p.Receiving))];
        return
        [
            .. schools.OrderBy(s => s.Kind).ThenBy(s => s.Name, StringComparer.Ordinal).Select(s => new SchoolView(
                s.Id, s.Code, s.Name, s.Kind, s.Town, s.Classes.Count, s.Classes.Sum(c => c.Pupils),
                [.. s.Classrooms.OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => new SchoolRoom(r.Id, r.Name, r.Equipment, [.. byRoom[r.Id]]))],
                [.. pairs.Where(p => p.Main == s.Id).Select(p => p.ReceivingName), .. pairs.Where(p => p.Receiving == s.Id).Select(p => p.MainName)])),
        ];
    }

    private static RoomDevice Of(Device device, HealthView? view) => new(
        device.Id, device.MachineName, device.AgentVersion, FleetRow.GroupOf(view, device.DisabledAt is not null), Latest(device.LastSeenAt, view?.LastHeard));

    /// <summary>Of what came over HTTP and over the broker.</summary>
    private static DateTimeOffset? Latest(DateTimeOffset? asked, DateTimeOffset? heard) => asked is null || heard > asked ? heard : asked;
}
