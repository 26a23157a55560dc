using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>批量操作: choose devices, choose what to do, confirm.</summary>
internal sealed class TogetherModel(HubDbContext db, FleetHealth fleet, CommandDesk desk, RoomLessons lessons) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "state")]
    public FleetGroup? Group { get; set; }

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Search { get; set; }

    [BindProperty(SupportsGet = true, Name = "school")]
    public Guid? School { get; set; }

    public IReadOnlyList<(Guid Id, string Name)> Schools { get; private set; } = [];

    /// <summary>Devices that can be asked, as they are chosen by the filter.</summary>
    public IReadOnlyList<FleetRow> Rows { get; private set; } = [];

    public IReadOnlyList<CommandKind> Kinds { get; private set; } = [];

    public CommandKind Kind { get; private set; } = CommandKind.SelfCheck;

    /// <summary>Set when it is to be confirmed: the ticked devices.</summary>
    public IReadOnlyList<string>? Ticked { get; private set; }

    /// <summary>How many of them have a lesson that this would interrupt.</summary>
    public int InLesson { get; private set; }

    public bool NoneTicked { get; private set; }

    public CommandRefusal? Refusal { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ?? Page();

    /// <summary>Nothing is asked yet: says what would be done.</summary>
    public async Task<IActionResult> OnPostAskAsync(string[] device, CommandKind kind, CancellationToken cancel)
    {
        if (await ReadAsync(cancel) is { } refused)
        {
            return refused;
        }

        if (!Kinds.Contains(kind))
        {
            return Forbid();
        }

        Kind = kind;
        List<string> ticked = [.. Rows.Select(r => r.DeviceId!).Intersect(device)];
        NoneTicked = ticked.Count == 0;
        Ticked = NoneTicked ? null : ticked;
        InLesson = CommandRules.Of(kind)!.Disturbs
            ? (await lessons.OfAsync(await db.Set<Device>().AsNoTracking().Where(d => ticked.Contains(d.Id)).ToListAsync(cancel), cancel)).Count
            : 0;
        return Page();
    }

    public async Task<IActionResult> OnPostDoAsync(string[] device, CommandKind kind, bool despiteLesson, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        Result<TogetherAsked, CommandRefusal> asked = await desk.AskTogetherAsync(device, kind, despiteLesson, caller, cancel);
        if (asked.IsOk)
        {
            string left = string.Join(',', asked.Value.LeftOut.Select(l => $"{l.Key}-{l.Value}"));
            return RedirectToPage("/Devices/Fleet/TogetherCourse", new { id = asked.Value.Id, left = left.Length == 0 ? null : left });
        }

        Refusal = asked.Refusal;
        return asked.Refusal == CommandRefusal.NotAllowed ? Forbid() : await ReadAsync(cancel) ?? Page();
    }

    private async Task<IActionResult?> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return Forbid();
        }

        Search = Search is { Length: > 80 } ? Search[..80] : Search;
        List<FleetRow> all = (await FleetBoard.RowsAsync(db, fleet, caller, cancel)).FindAll(r => r.DeviceId is not null && !r.Disabled);
        Schools = [.. all.Select(r => (r.SchoolId, r.School)).Distinct().OrderBy(s => s.School, StringComparer.Ordinal)];
        var filter = new FleetFilter(Group, Search);
        Rows = [.. all.Where(r => (School is null || r.SchoolId == School) && filter.Shows(r)).OrderBy(r => r.School, StringComparer.Ordinal).ThenBy(r => r.Room, StringComparer.Ordinal).Take(CommandDesk.MostTogether)];
        Kinds = [.. CommandRules.Offered.Where(k => CommandRules.Of(k)!.Together && CommandRights.MayAsk(caller, k))];
        return null;
    }
}
