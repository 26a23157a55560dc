using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>What a room counts as on the board: its device's state, or that it has none.</summary>
internal enum FleetGroup
{
    Critical,
    Degraded,
    Unmonitored,
    Healthy,
    Maintenance,
    Onboarding,
    Disabled,
    NoDevice,
}

/// <summary>One device on the board, or a room without any.</summary>
/// <param name="DeviceId">Null: the room has no device.</param>
/// <param name="View">Null: not judged yet.</param>
internal sealed record FleetRow(
    Guid RoomId, string Room, DeviceRole Role, Guid SchoolId, string School, SchoolKind SchoolKind, string Town, string? DeviceId, string Machine, bool Disabled, HealthView? View)
{
    public FleetGroup Group => DeviceId is null ? FleetGroup.NoDevice : GroupOf(View, Disabled);

    /// <summary>What a device counts as, on every page alike.</summary>
    /// <param name="view">Null: not judged yet.</param>
    public static FleetGroup GroupOf(HealthView? view, bool disabled) =>
        view is not null ? Enum.Parse<FleetGroup>(view.State.ToString())
        : disabled ? FleetGroup.Disabled
        : FleetGroup.Onboarding;
}

/// <param name="Search">Part of a room's, school's, town's or machine's name, or of a device's id.</param>
internal sealed record FleetFilter(FleetGroup? Group, string? Search)
{
    public bool Any => Group is not null || !string.IsNullOrWhiteSpace(Search);

    public bool Shows(FleetRow row) =>
        (Group is null || row.Group == Group)
        && (string.IsNullOrWhiteSpace(Search)
            || new[] { row.Room, row.School, row.Town, row.Machine, row.DeviceId ?? "" }.Any(t => t.Contains(Search.Trim(), StringComparison.OrdinalIgnoreCase)));
}

internal sealed record FleetSchool(Guid Id, string Name, SchoolKind Kind, IReadOnlyList<FleetRow> Rows);

internal sealed record FleetTown(string Name, IReadOnlyList<FleetSchool> Schools);

/// <summary>The devices within a caller's scope, as the board shows them.</summary>
/// <param name="Counts">Over the whole scope, whatever the filter.</param>
/// <param name="Needs">Devices that need a hand now, the most urgent first; over the whole scope too.</param>
internal sealed record FleetBoard(IReadOnlyDictionary<FleetGroup, int> Counts, IReadOnlyList<FleetRow> Needs, IReadOnlyList<FleetTown> Towns, int Devices, int Shown)
{
    public static async Task<FleetBoard> ReadAsync(HubDbContext db, FleetHealth fleet, Caller caller, FleetFilter filter, CancellationToken cancel)
    {
        List<FleetRow> rows = await RowsAsync(db, fleet, caller, cancel);
        List<FleetRow> shown = rows.FindAll(filter.Shows);
        return new FleetBoard(
            Enum.GetValues<FleetGroup>().ToDictionary(g => g, g => rows.Count(r => r.Group == g)),
            [.. rows.Where(r => r.View is { NeedsHand: true })
                .OrderBy(r => r.Group).ThenBy(r => r.View!.Next?.StartsAt ?? DateTimeOffset.MaxValue).ThenBy(r => r.View!.Reason.Since).ThenBy(r => r.School, StringComparer.Ordinal)],
            [.. shown.GroupBy(r => r.Town).OrderBy(t => t.Min(r => r.SchoolKind)).ThenBy(t => t.Key, StringComparer.Ordinal).Select(TownOf)],
            rows.Count(r => r.DeviceId is not null), shown.Count);
    }

    public static async Task<List<FleetRow>> RowsAsync(HubDbContext db, FleetHealth fleet, Caller caller, CancellationToken cancel)
    {
        var rooms = await db.Set<Classroom>().AsNoTracking().Of(caller)
            .Select(r => new { r.Id, r.Name, r.Equipment, r.SchoolId, School = r.School.Name, r.School.Kind, r.School.Town }).ToListAsync(cancel);
        var devices = (await db.Set<Device>().AsNoTracking()
            .Select(d => new { d.Id, d.ClassroomId, d.Role, d.MachineName, d.DisabledAt, d.EnrolledAt }).ToListAsync(cancel)).ToLookup(d => d.ClassroomId);
        List<FleetRow> rows = [];
        foreach (var room in rooms)
        {
            // Of each role the newest counts: the ones before it were replaced.
            var current = devices[room.Id].GroupBy(d => d.Role).Select(g => g.OrderBy(d => d.DisabledAt is not null).ThenByDescending(d => d.EnrolledAt).First()).ToList();
            if (current.Count == 0)
            {
                rows.Add(new FleetRow(room.Id, room.Name, room.Equipment, room.SchoolId, room.School, room.Kind, room.Town, null, "", false, null));
            }

            rows.AddRange(current.OrderBy(d => d.Role).Select(d => new FleetRow(
                room.Id, room.Name, d.Role, room.SchoolId, room.School, room.Kind, room.Town, d.Id, d.MachineName, d.DisabledAt is not null, fleet.ViewOf(d.Id))));
        }

        return rows;
    }

    private static FleetTown TownOf(IGrouping<string, FleetRow> town) => new(
        town.Key,
        [.. town.GroupBy(r => (r.SchoolId, r.School, r.SchoolKind)).OrderBy(s => s.Key.SchoolKind).ThenBy(s => s.Key.School, StringComparer.Ordinal)
            .Select(s => new FleetSchool(s.Key.SchoolId, s.Key.School, s.Key.SchoolKind, [.. s.OrderBy(r => r.Room, StringComparer.Ordinal)]))]);
}
