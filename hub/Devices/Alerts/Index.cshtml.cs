using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>告警: what goes on, school by school, and who sees to it. The part that changes is fetched again on its own.</summary>
internal sealed class IndexModel(HubDbContext db, AlertDesk desk, AlertStanding standing, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "tab")]
    public AlertTab Tab { get; set; }

    [BindProperty(SupportsGet = true, Name = "family")]
    public AlertFamily? Family { get; set; }

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Search { get; set; }

    public AlertBoard Board { get; private set; } = null!;

    public bool MayCare { get; private set; }

    public bool MayRule { get; private set; }

    /// <summary>The navigation's count.</summary>
    public int Waiting { get; private set; }

    public AlertRefusal? Refusal { get; private set; }

    public AlertFilter Filter => new(Tab, Family, Search);

    public bool Narrowed => Tab != AlertTab.All || Family is not null || !string.IsNullOrWhiteSpace(Search);

    private bool FromScript => Request.Headers.ContainsKey("HX-Request");

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ? Page() : Forbid();

    /// <summary>Only the board, for the page that is already open.</summary>
    public async Task<IActionResult> OnGetBoardAsync(CancellationToken cancel) => await ReadAsync(cancel) ? BoardOnly() : Forbid();

    public Task<IActionResult> OnPostAcknowledgeAsync(Guid id, CancellationToken cancel) => DoAsync(c => desk.AcknowledgeAsync(id, c, cancel), cancel);

    public Task<IActionResult> OnPostUnacknowledgeAsync(Guid id, CancellationToken cancel) => DoAsync(c => desk.UnacknowledgeAsync(id, c, cancel), cancel);

    /// <summary>Address of this desk with another tab, the rest kept.</summary>
    public string AddressOf(AlertTab tab, string? handler = null)
    {
        var query = new QueryBuilder();
        foreach ((string name, string? value) in new[]
        {
            ("tab", tab == AlertTab.All ? null : tab.ToString()), ("family", Family?.ToString()), ("q", string.IsNullOrWhiteSpace(Search) ? null : Search), ("handler", handler),
        })
        {
            if (value is not null)
            {
                query.Add(name, value);
            }
        }

        return $"/alerts{query.ToQueryString()}";
    }

    private async Task<IActionResult> DoAsync(Func<Caller, Task<AlertRefusal?>> act, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        Refusal = await act(caller);
        return Refusal switch
        {
            AlertRefusal.Unknown => NotFound(),
            AlertRefusal.NotAllowed => Forbid(),
            null when !FromScript => Redirect(AddressOf(Tab)),
            _ => !await ReadAsync(cancel) ? Forbid() : FromScript ? BoardOnly() : Page(),
        };
    }

    private PartialViewResult BoardOnly() => Partial("/Devices/Alerts/_Board.cshtml", this);

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return false;
        }

        Search = Search is { Length: > 80 } ? Search[..80] : Search;
        (MayCare, MayRule, Waiting) = (FleetRights.MayCare(caller), AlertRights.MayRule(caller), standing.WaitingFor(caller));
        Board = await AlertBoard.ReadAsync(db, caller, Filter, clock.GetUtcNow(), cancel);
        return true;
    }
}
