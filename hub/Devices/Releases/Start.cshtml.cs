using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>A device that may be chosen on its own.</summary>
internal sealed record ChoosableDevice(string Id, string Room, Guid SchoolId, string School, string Town, DeviceRole Role, string Version);

/// <summary>开始一次更新: choose, see what would be done, confirm.</summary>
internal sealed class StartModel(HubDbContext db, ReleaseShelf shelf, RolloutDesk desk, RolloutSights sights) : PageModel
{
    /// <summary>Minutes to choose from.</summary>
    public static readonly IReadOnlyList<int> Watches = [0, 10, 30, 120, 720, 1440];

    [BindProperty(SupportsGet = true, Name = "version")]
    public string Version { get; set; } = "";

    [BindProperty(Name = "scope")]
    public RolloutScope Scope { get; set; }

    [BindProperty(Name = "town")]
    public string[] Towns { get; set; } = [];

    [BindProperty(Name = "school")]
    public string[] Schools { get; set; } = [];

    [BindProperty(Name = "device")]
    public string[] Chosen { get; set; } = [];

    [BindProperty(Name = "shares")]
    public string Shares { get; set; } = RolloutShares.Careful;

    [BindProperty(Name = "atOnce")]
    public int AtOnce { get; set; } = RolloutWish.UsualAtOnce;

    [BindProperty(Name = "watch")]
    public int Watch { get; set; } = (int)RolloutWish.UsualWatch.TotalMinutes;

    [BindProperty(Name = "hours")]
    public bool Hours { get; set; }

    [BindProperty(Name = "from")]
    public TimeOnly From { get; set; } = new(22, 0);

    [BindProperty(Name = "until")]
    public TimeOnly Until { get; set; } = new(5, 0);

    /// <summary>Newest first; withdrawn ones are not there.</summary>
    public IReadOnlyList<StoredRelease> Releases { get; private set; } = [];

    public IReadOnlyList<ChoosableDevice> Devices { get; private set; } = [];

    /// <summary>Set when it is to be confirmed.</summary>
    public RolloutChoice? Choice { get; private set; }

    public RolloutRefusal? Refusal { get; private set; }

    public RolloutWish Wish => new(
        Version, Scope,
        Scope switch
        {
            RolloutScope.County => [],
            RolloutScope.Towns => Towns,
            RolloutScope.Schools => Schools,
            RolloutScope.Rooms => Chosen,
        },
        Shares, AtOnce, TimeSpan.FromMinutes(Math.Clamp(Watch, -1, 100_000)), Hours ? new RolloutHours(From, Until) : null);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ?? Page();

    /// <summary>Back to the form with what was chosen.</summary>
    public async Task<IActionResult> OnPostEditAsync(CancellationToken cancel) => await ReadAsync(cancel) ?? Page();

    /// <summary>Nothing is started yet: says what would be done.</summary>
    public async Task<IActionResult> OnPostPreviewAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        Result<RolloutChoice, RolloutRefusal> preview = await desk.PreviewAsync(Sound(), caller, cancel);
        (Choice, Refusal) = (preview.IsOk ? preview.Value : null, preview.Refusal);
        return Refusal == RolloutRefusal.NotAllowed ? Forbid() : await ReadAsync(cancel) ?? Page();
    }

    public async Task<IActionResult> OnPostStartAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        Result<Guid, RolloutRefusal> started = await desk.StartAsync(Sound(), caller, cancel);
        Refusal = started.Refusal;
        return started.IsOk ? LocalRedirect($"/devices/updates/{started.Value}")
            : Refusal == RolloutRefusal.NotAllowed ? Forbid()
            : await ReadAsync(cancel) ?? Page();
    }

    /// <summary>A field that could not be read at all makes a wish that is refused.</summary>
    private RolloutWish Sound() => ModelState.IsValid ? Wish : Wish with { AtOnce = 0 };

    private async Task<IActionResult?> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !ReleaseRights.MayUpdate(caller))
        {
            return Forbid();
        }

        Releases = [.. (await shelf.AllAsync(cancel)).Where(r => r.WithdrawnAt is null).OrderByDescending(r => r.Version, Comparer<string>.Create(AgentVersion.Compare))];
        if (Releases.Count == 0)
        {
            return LocalRedirect("/devices/updates");
        }

        Version = Releases.Any(r => r.Version == Version) ? Version : Releases[0].Version;
        Devices = [.. (await db.Set<Device>().AsNoTracking().Include(d => d.Classroom).ThenInclude(r => r.School).Where(d => d.DisabledAt == null).ToListAsync(cancel))
            .Select(d => new ChoosableDevice(d.Id, d.Classroom.Name, d.Classroom.SchoolId, d.Classroom.School.Name, d.Classroom.School.Town, d.Role, sights.VersionOf(d)))
            .OrderBy(d => d.Town, StringComparer.Ordinal).ThenBy(d => d.School, StringComparer.Ordinal).ThenBy(d => d.Room, StringComparer.Ordinal)];
        return null;
    }
}
