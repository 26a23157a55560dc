using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Who sees and handles releases and updates: the county's device staff and system administrators, nobody else.</summary>
internal static class ReleaseRights
{
    public static bool MayUpdate(Caller caller) => PageRoles.Updates.Any(caller.Is);
}
