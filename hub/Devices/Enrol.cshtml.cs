using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>Makes an enrolment code for a room and shows it this once, with the command to run in the classroom.</summary>
internal sealed class EnrolModel(HubDbContext db, EnrolmentCodes codes, InstallLine install, DevicesOptions options) : PageModel
{
    public Classroom Room { get; private set; } = null!;

    /// <summary>Null until one was asked for.</summary>
    public IssuedCode? Code { get; private set; }

    public int Hours { get; } = (int)Math.Round(options.CodeLifetime.TotalHours);

    /// <summary>The address that this page was reached at is one that the county's network reaches.</summary>
    public string Command => Code is null ? "" : install.For(Code.Code, Request);

    public async Task<IActionResult> OnGetAsync(Guid room, CancellationToken cancel) => await ReadAsync(room, cancel) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid room, CancellationToken cancel)
    {
        if (await ReadAsync(room, cancel) is { } refused)
        {
            return refused;
        }

        Code = await codes.IssueAsync(room, Room.Equipment, Caller.From(User), cancel);
        return Page();
    }

    private async Task<IActionResult?> ReadAsync(Guid room, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !PageRoles.Enrolment.Any(caller.Is))
        {
            return Forbid();
        }

        if (await db.Set<Classroom>().AsNoTracking().Include(r => r.School).SingleOrDefaultAsync(r => r.Id == room, cancel) is not { } found)
        {
            return NotFound();
        }

        Room = found;
        return null;
    }
}
