using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Who sees and who handles which alerts: as with devices, the county's staff all, a head those of the own school. The hub's own are the county's.</summary>
internal static class AlertRights
{
    /// <summary>May switch rules and silence kinds for the whole county.</summary>
    public static bool MayRule(Caller caller) => PageRoles.Enrolment.Any(caller.Is);

    public static bool Sees(Caller caller, Alert alert) => FleetRights.SeesAll(caller) || (caller.HeadsSchool && alert.SchoolId == caller.SchoolId);

    /// <summary>The alerts within the caller's scope.</summary>
    public static IQueryable<Alert> Of(this IQueryable<Alert> alerts, Caller caller)
    {
        if (FleetRights.SeesAll(caller))
        {
            return alerts;
        }

        Guid school = caller.HeadsSchool ? caller.SchoolId!.Value : Guid.Empty;
        return alerts.Where(a => a.SchoolId == school);
    }
}
