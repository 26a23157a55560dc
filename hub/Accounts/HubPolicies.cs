using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>Names of the authorisation policies. An endpoint without one asks for a signed-in person (the fallback).</summary>
internal static class HubPolicies
{
    /// <summary>A classroom device with a bearer token; no cookie is looked at.</summary>
    public const string Device = "Device";

    /// <summary>A signed-in person or a device: the lesson hub.</summary>
    public const string PersonOrDevice = "PersonOrDevice";

    /// <summary>县电教 (devices, enrolment, seeding of rooms).</summary>
    public const string CountyStaff = "CountyStaff";

    /// <summary>县课时认定 (judgement, ledger of the county).</summary>
    public const string CountyAdmin = "CountyAdmin";

    /// <summary>Who may look on in lessons: inspectors, county staff and admins, school heads.</summary>
    public const string Observers = "Observers";

    /// <summary>Who may read the audit trail: county staff and system admins.</summary>
    public const string Auditors = "Auditors";

    /// <summary>Who hands out releases of the agent: county staff and system admins.</summary>
    public const string DeviceStaff = "DeviceStaff";

    /// <summary>Authentication scheme of devices.</summary>
    public const string DeviceScheme = "Device";

    public static void AddTo(AuthorizationOptions options)
    {
        AuthorizationPolicy people = new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme).RequireAuthenticatedUser().Build();
        options.DefaultPolicy = people;
        options.FallbackPolicy = people;
        options.AddPolicy(Device, p => p.AddAuthenticationSchemes(DeviceScheme).RequireAuthenticatedUser());
        options.AddPolicy(PersonOrDevice, p => p.AddAuthenticationSchemes(IdentityConstants.ApplicationScheme, DeviceScheme).RequireAuthenticatedUser());
        Add(options, CountyStaff, Roles.CountyStaff);
        Add(options, CountyAdmin, Roles.CountyAdmin);
        Add(options, Observers, Roles.Inspector, Roles.CountyStaff, Roles.CountyAdmin, Roles.SchoolHead);
        Add(options, Auditors, Roles.CountyStaff, Roles.SystemAdmin);
        Add(options, DeviceStaff, Roles.CountyStaff, Roles.SystemAdmin);
    }

    private static void Add(AuthorizationOptions options, string name, params string[] roles) =>
        options.AddPolicy(name, p => p.AddAuthenticationSchemes(IdentityConstants.ApplicationScheme).RequireAuthenticatedUser().RequireRole(roles));
}
