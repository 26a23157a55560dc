using System.Security.Claims;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>Who is asking, as far as rights go. Read once from the signed-in principal.</summary>
/// <param name="SchoolId">The school the caller's scope is limited to, where a role is limited to a school.</param>
internal sealed record Caller(Guid AccountId, string Login, string DisplayName, Guid? SchoolId, IReadOnlySet<string> Roles)
{
    public const string SchoolClaim = "tc:school";

    public const string DisplayNameClaim = "tc:name";

    /// <summary>Reaches every lesson of the county.</summary>
    public bool SeesCounty => Is(Accounts.Roles.CountyStaff) || Is(Accounts.Roles.CountyAdmin) || Is(Accounts.Roles.Inspector);

    /// <summary>Reaches everything of the own school.</summary>
    public bool HeadsSchool => SchoolId is not null && Is(Accounts.Roles.SchoolHead);

    public bool Is(string role) => Roles.Contains(role);

    /// <returns>Null when the principal is not a signed-in person.</returns>
    public static Caller? From(ClaimsPrincipal principal) =>
        principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && Guid.TryParse(id, out Guid accountId)
            ? new Caller(
                accountId, principal.Identity?.Name ?? "", principal.FindFirstValue(DisplayNameClaim) ?? "",
                Guid.TryParse(principal.FindFirstValue(SchoolClaim), out Guid school) ? school : null,
                principal.FindAll(ClaimTypes.Role).Select(c => c.Value).ToHashSet())
            : null;
}
