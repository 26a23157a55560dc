using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Inbox.Handover;

/// <summary>证据交接: what devices handed in late, twice, contradicting, or not at all.</summary>
internal sealed class IndexModel(HubDbContext db, TimeProvider clock) : PageModel
{
    public HandoverReport Report { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return Forbid();
        }

        Report = await HandoverReport.ReadAsync(db, caller, clock.GetUtcNow(), cancel);
        return Page();
    }

    public async Task<IActionResult> OnGetRecordAsync(long id, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return Forbid();
        }

        return await HandoverReport.RecordAsync(db, caller, id, cancel) is { } record
            ? File(Encoding.UTF8.GetBytes(record.Json), "application/json", record.Name)
            : NotFound();
    }
}
