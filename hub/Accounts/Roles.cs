namespace ThreeClassrooms.Hub.Accounts;

/// <summary>The hub's roles. A person may hold several; each narrows or widens by the data scope county, school, own.</summary>
internal static class Roles
{
    /// <summary>系统管理员: accounts and settings; sees no lessons by this role alone.</summary>
    public const string SystemAdmin = "SystemAdmin";

    /// <summary>县电教: devices, enrolment, the whole county's lessons.</summary>
    public const string CountyStaff = "CountyStaff";

    /// <summary>县课时认定: policy, judgement and ledger of the whole county.</summary>
    public const string CountyAdmin = "CountyAdmin";

    /// <summary>教研/巡课: looks on in any lesson; every look is in the audit trail.</summary>
    public const string Inspector = "Inspector";

    /// <summary>校长: the lessons, devices and hours of the own school.</summary>
    public const string SchoolHead = "SchoolHead";

    /// <summary>教师: own lessons and own hours.</summary>
    public const string Teacher = "Teacher";

    public static readonly IReadOnlyList<string> All = [SystemAdmin, CountyStaff, CountyAdmin, Inspector, SchoolHead, Teacher];
}
