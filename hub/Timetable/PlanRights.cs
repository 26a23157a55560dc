using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Who may change the timetable: the county's offices every lesson, a head those of the school's teachers, a teacher the own ones.</summary>
internal static class PlanRights
{
    public static bool MayPlan(Caller caller) => PlansForCounty(caller) || caller.HeadsSchool || caller.Is(Roles.Teacher);

    public static bool MayChange(Caller caller, Teacher lecturer) =>
        PlansForCounty(caller)
        || (caller.HeadsSchool && lecturer.SchoolId == caller.SchoolId)
        || (caller.Is(Roles.Teacher) && lecturer.AccountId == caller.AccountId);

    public static bool PlansForCounty(Caller caller) => caller.Is(Roles.CountyStaff) || caller.Is(Roles.CountyAdmin);
}
