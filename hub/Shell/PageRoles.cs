using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>Which roles may open which pages. What of it they see is decided by their scope (county, school, own).</summary>
internal static class PageRoles
{
    public static readonly string[] Lessons = [Roles.Teacher, Roles.SchoolHead, Roles.Inspector, Roles.CountyStaff, Roles.CountyAdmin];
    public static readonly string[] Timetable = [Roles.Teacher, Roles.SchoolHead, Roles.CountyStaff, Roles.CountyAdmin];
    public static readonly string[] Credit = [Roles.Teacher, Roles.SchoolHead, Roles.CountyStaff, Roles.CountyAdmin];
    public static readonly string[] Schools = [Roles.SchoolHead, Roles.Inspector, Roles.CountyStaff, Roles.CountyAdmin, Roles.SystemAdmin];
    public static readonly string[] Devices = [Roles.SchoolHead, Roles.CountyStaff, Roles.SystemAdmin];
    public static readonly string[] Enrolment = [Roles.CountyStaff, Roles.SystemAdmin];
    public static readonly string[] Updates = [Roles.CountyStaff, Roles.SystemAdmin];
    public static readonly string[] AlertChannels = [Roles.CountyStaff, Roles.SystemAdmin];
}
