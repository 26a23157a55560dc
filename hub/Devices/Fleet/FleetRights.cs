using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>Who sees and who handles which devices: the county's staff all, a head those of the own school, nobody else any.</summary>
internal static class FleetRights
{
    public static bool MaySee(Caller caller) => SeesAll(caller) || caller.HeadsSchool;

    /// <summary>May declare parts absent and maintenance, for the devices within the scope.</summary>
    public static bool MayCare(Caller caller) => caller.Is(Roles.CountyStaff) || caller.HeadsSchool;

    /// <summary>May make and revoke codes, disable and enable.</summary>
    public static bool MayEnrol(Caller caller) => PageRoles.Enrolment.Any(caller.Is);

    /// <summary>The rooms within the caller's scope.</summary>
    public static IQueryable<Classroom> Of(this IQueryable<Classroom> rooms, Caller caller)
    {
        if (SeesAll(caller))
        {
            return rooms;
        }

        Guid? school = caller.HeadsSchool ? caller.SchoolId : null;
        return rooms.Where(r => r.SchoolId == school);
    }

    /// <summary>The devices within the caller's scope.</summary>
    public static IQueryable<Device> Of(this IQueryable<Device> devices, Caller caller)
    {
        if (SeesAll(caller))
        {
            return devices;
        }

        Guid? school = caller.HeadsSchool ? caller.SchoolId : null;
        return devices.Where(d => d.Classroom.SchoolId == school);
    }

    public static bool SeesAll(Caller caller) => caller.Is(Roles.CountyStaff) || caller.Is(Roles.SystemAdmin);
}
