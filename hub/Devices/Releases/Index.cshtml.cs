using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>更新教室端程序: which versions the county runs, what is on its way, which releases there are.</summary>
internal sealed class IndexModel(
    HubDbContext db, ReleaseShelf shelf, ReleaseIntake intake, RolloutDesk desk, RolloutSights sights, RoomLessons lessons, CountyTime county, TimeProvider clock) : PageModel
{
    private const int PastShown = 12;

    public IReadOnlyList<VersionPart> Versions { get; private set; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<StoredRelease> Releases { get; private set; } = [];

    /// <summary>Those that go on, and the last one when it was stopped.</summary>
    public IReadOnlyList<RolloutView> Current { get; private set; } = [];

    public IReadOnlyList<(Rollout Rollout, int Devices, int Done)> Past { get; private set; } = [];

    /// <summary>What the installation had laid down; null: not asked.</summary>
    public IReadOnlyList<IntakeLine>? Intake { get; private set; }

    /// <summary>To be confirmed: the version to withdraw.</summary>
    public string? AskWithdraw { get; private set; }

    /// <summary>Just taken in over the page.</summary>
    [BindProperty(SupportsGet = true, Name = "added")]
    public string? Added { get; set; }

    [BindProperty(SupportsGet = true, Name = "refused")]
    public ReleaseRefusal? Refused { get; set; }

    [BindProperty(SupportsGet = true, Name = "withdrawn")]
    public string? Withdrawn { get; set; }

    public bool HasOffers => Releases.Any(r => r.WithdrawnAt is null);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ? Page() : Forbid();

    /// <summary>Only what changes by itself.</summary>
    public async Task<IActionResult> OnGetNowAsync(CancellationToken cancel) => await ReadAsync(cancel) ? Partial("/Devices/Releases/_Now.cshtml", this) : Forbid();

    public async Task<IActionResult> OnPostIntakeAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !ReleaseRights.MayUpdate(caller))
        {
            return Forbid();
        }

        Intake = await intake.TakeAllAsync(cancel);
        return await ReadAsync(cancel) ? Page() : Forbid();
    }

    public async Task<IActionResult> OnPostWithdrawAsync(string version, bool sure, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !ReleaseRights.MayUpdate(caller))
        {
            return Forbid();
        }

        if (!sure)
        {
            AskWithdraw = version;
            await ReadAsync(cancel);
            return Releases.Any(r => r.Version == version && r.WithdrawnAt is null) ? Page() : NotFound();
        }

        return await desk.WithdrawAsync(version, caller, cancel) is null ? Redirect($"/devices/updates?withdrawn={Uri.EscapeDataString(version)}#releases") : NotFound();
    }

    public async Task<IActionResult> OnPostRestoreAsync(string version, CancellationToken cancel) => Caller.From(User) is not { } caller
        ? Forbid()
        : await shelf.SetWithdrawnAsync(version, false, caller, cancel) switch
        {
            null => Redirect("/devices/updates#releases"),
            ReleaseRefusal.NotAllowed => Forbid(),
            _ => NotFound(),
        };

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !ReleaseRights.MayUpdate(caller))
        {
            return false;
        }

        DateTimeOffset now = clock.GetUtcNow();
        Versions = await VersionPicture.ReadAsync(db, sights, cancel);
        Releases = [.. (await shelf.AllAsync(cancel)).OrderByDescending(r => r.Version, Comparer<string>.Create(AgentVersion.Compare))];
        List<Rollout> rollouts = await db.Set<Rollout>().AsNoTracking().OrderByDescending(r => r.StartedAt).Take(100).ToListAsync(cancel);
        List<RolloutView> current = [];
        foreach (Rollout rollout in rollouts.Where((r, i) => r.State is RolloutState.Running or RolloutState.Paused || (i == 0 && r.State == RolloutState.Stopped)))
        {
            current.Add((await RolloutView.ReadAsync(db, sights, lessons, desk, rollout.Id, TimeOnly.FromDateTime(county.ToLocal(now).DateTime), now, cancel))!);
        }

        Current = current;
        List<Rollout> past = [.. rollouts.Where(r => !current.Exists(c => c.Rollout.Id == r.Id)).Take(PastShown)];
        List<Guid> ids = past.ConvertAll(r => r.Id);
        var counts = (await db.Set<RolloutDevice>().Where(d => ids.Contains(d.RolloutId)).GroupBy(d => d.RolloutId)
            .Select(g => new { g.Key, All = g.Count(), Done = g.Count(d => d.State == MemberState.Done) }).ToListAsync(cancel)).ToDictionary(c => c.Key);
        Past = past.ConvertAll(r => (r, counts[r.Id].All, counts[r.Id].Done));
        return true;
    }
}
