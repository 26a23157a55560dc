using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>学校教室: schools, rooms and whether their devices are there.</summary>
internal sealed class IndexModel(HubDbContext db, FleetHealth fleet) : PageModel
{
    public IReadOnlyList<SchoolView> Schools { get; private set; } = [];

    public bool MayEnrol { get; private set; }

    /// <summary>May open a device's own page.</summary>
    public bool MaySeeDevices { get; private set; }

    public IEnumerable<SchoolRoom> Rooms => Schools.SelectMany(s => s.Rooms);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !PageRoles.Schools.Any(caller.Is))
        {
            return Forbid();
        }

        (MayEnrol, MaySeeDevices) = (PageRoles.Enrolment.Any(caller.Is), FleetRights.MaySee(caller));
        Schools = await SchoolList.ReadAsync(db, fleet, caller, cancel);
        return Page();
    }
}
