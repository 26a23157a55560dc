using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>
/// Who may ask what of which devices: the county's device staff everything of all, system administrators all but pictures (they see no lessons either), a head what
/// is harmless of the own school's.
/// </summary>
internal static class CommandRights
{
    public static bool MaySee(Caller caller) => SeesAll(caller) || caller.HeadsSchool;

    public static bool MayAsk(Caller caller, CommandKind kind) =>
        CommandRules.Of(kind) is { } rule && (kind == CommandKind.Snapshot
            ? caller.Is(Roles.CountyStaff)
            : SeesAll(caller) || (caller.HeadsSchool && rule.Harmless));

    public static IQueryable<Device> Of(this IQueryable<Device> devices, Caller caller)
    {
        if (SeesAll(caller))
        {
            return devices;
        }

        Guid? school = caller.HeadsSchool ? caller.SchoolId : null;
        return devices.Where(d => d.Classroom.SchoolId == school);
    }

    private static bool SeesAll(Caller caller) => caller.Is(Roles.CountyStaff) || caller.Is(Roles.SystemAdmin);
}
