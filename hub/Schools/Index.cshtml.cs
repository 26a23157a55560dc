using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>学校教室: schools, rooms and whether their devices are there.</summary>
internal sealed class IndexModel(HubDbContext db, DevicesOptions options, TimeProvider clock) : PageModel
{
    public IReadOnlyList<SchoolView> Schools { get; private set; } = [];

    public bool MayEnrol { get; private set; }

    public IEnumerable<SchoolRoom> Rooms => Schools.SelectMany(s => s.Rooms);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !PageRoles.Schools.Any(caller.Is))
        {
            return Forbid();
        }

        MayEnrol = PageRoles.Enrolment.Any(caller.Is);
        Schools = await SchoolList.ReadAsync(db, options, clock.GetUtcNow(), caller, cancel);
        return Page();
    }
}
