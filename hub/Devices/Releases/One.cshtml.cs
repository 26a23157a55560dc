using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>One update of many devices: its stages, what went wrong, every device; pause, go on, stop, go back.</summary>
internal sealed class OneModel(
    HubDbContext db, RolloutDesk desk, RolloutSights sights, RoomLessons lessons, CountyTime county, TimeProvider clock) : PageModel
{
    public RolloutView View { get; private set; } = null!;

    public RolloutRefusal? Refusal { get; private set; }

    /// <summary>To be confirmed: going back.</summary>
    public bool AskBack { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel) => await ReadAsync(id, cancel) ?? Page();

    /// <summary>Only what changes by itself.</summary>
    public async Task<IActionResult> OnGetNowAsync(Guid id, CancellationToken cancel) => await ReadAsync(id, cancel) ?? Partial("/Devices/Releases/_OneNow.cshtml", View);

    public async Task<IActionResult> OnPostDoAsync(Guid id, RolloutAct act, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        return await AfterAsync(id, await desk.DoAsync(id, act, caller, cancel), id, cancel);
    }

    public async Task<IActionResult> OnPostBackAsync(Guid id, bool sure, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        if (!sure)
        {
            AskBack = true;
            return await ReadAsync(id, cancel) ?? Page();
        }

        Result<Guid, RolloutRefusal> back = await desk.GoBackAsync(id, caller, cancel);
        return await AfterAsync(id, back.Refusal, back.IsOk ? back.Value : id, cancel);
    }

    private async Task<IActionResult> AfterAsync(Guid id, RolloutRefusal? refusal, Guid next, CancellationToken cancel)
    {
        Refusal = refusal;
        return refusal switch
        {
            null => LocalRedirect($"/devices/updates/{next}"),
            RolloutRefusal.NotAllowed => Forbid(),
            RolloutRefusal.NoRollout => NotFound(),
            _ => await ReadAsync(id, cancel) ?? Page(),
        };
    }

    private async Task<IActionResult?> ReadAsync(Guid id, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !ReleaseRights.MayUpdate(caller))
        {
            return Forbid();
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (await RolloutView.ReadAsync(db, sights, lessons, desk, id, TimeOnly.FromDateTime(county.ToLocal(now).DateTime), now, cancel) is not { } view)
        {
            return NotFound();
        }

        View = view;
        return null;
    }
}
