using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>
/// Who may ask what of which devices: the county's device staff everything of all, system administrators all but pictures (they see no lessons either), a head what
/// is harmless of the own school's.
/// </summary>
internal static class CommandRights
{
    public static bool MayAsk(Caller caller, CommandKind kind) =>
        CommandRules.Of(kind) is { } rule && (kind == CommandKind.Snapshot
            ? caller.Is(Roles.CountyStaff)
            : FleetRights.SeesAll(caller) || (caller.HeadsSchool && rule.Harmless));
}
