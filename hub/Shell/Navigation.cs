using System.Security.Claims;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>One entry of the main navigation.</summary>
/// <param name="Key">Of the text.</param>
internal sealed record NavigationItem(string Path, string Key, string Icon)
{
    /// <summary>The page now shown belongs to this entry.</summary>
    public bool Covers(string path) => Path == "/"
        ? path == "/" || path.StartsWith("/lessons", StringComparison.OrdinalIgnoreCase)
        : path.StartsWith(Path, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What the shell shows a person: where to go, by the person's roles.</summary>
internal static class Navigation
{
    private static readonly (NavigationItem Item, string[] Roles)[] Items =
    [
        (new("/", "Nav.Today", "calendar-event"), PageRoles.Lessons),
        (new("/timetable", "Nav.Timetable", "calendar-plus"), PageRoles.Timetable),
        (new("/credit", "Nav.Credit", "certificate"), PageRoles.Credit),
        (new("/devices", "Nav.Devices", "device-desktop"), PageRoles.Devices),
        (new("/alerts", "Nav.Alerts", "bell"), PageRoles.Devices),
        (new("/schools", "Nav.Schools", "school"), PageRoles.Schools),
    ];

    public static IReadOnlyList<NavigationItem> For(ClaimsPrincipal user) =>
        [.. Items.Where(i => i.Roles.Any(user.IsInRole)).Select(i => i.Item)];

    public static string NameOf(ClaimsPrincipal user) => Caller.From(user) is { } caller ? (caller.DisplayName.Length > 0 ? caller.DisplayName : caller.Login) : "";

    /// <summary>The family name's character, or the first letter.</summary>
    public static string Initial(ClaimsPrincipal user) => NameOf(user) is { Length: > 0 } name ? name[..1].ToUpperInvariant() : "";

    public static IEnumerable<string> RolesOf(ClaimsPrincipal user) => Roles.All.Where(user.IsInRole);
}
