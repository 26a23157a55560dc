using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>设备: what needs a hand now, and every room's device below it. The part that changes is fetched again on its own.</summary>
internal sealed class IndexModel(HubDbContext db, FleetHealth fleet, BrokerStanding broker) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "state")]
    public FleetGroup? Group { get; set; }

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Search { get; set; }

    public FleetBoard Board { get; private set; } = null!;

    public FleetFilter Filter => new(Group, Search);

    public bool MayEnrol { get; private set; }

    public bool MayUpdate { get; private set; }

    public Sight Sight => fleet.Sight;

    public FleetWatch Watch => broker.Watch;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ? Page() : Forbid();

    /// <summary>Only the board, for the page that is already open.</summary>
    public async Task<IActionResult> OnGetBoardAsync(CancellationToken cancel) => await ReadAsync(cancel) ? Partial("/Devices/Fleet/_Board.cshtml", this) : Forbid();

    /// <summary>Address of this board with another state, the search kept.</summary>
    public string AddressOf(FleetGroup? group, string? handler = null)
    {
        var query = new QueryBuilder();
        if (group is { } state)
        {
            query.Add("state", state.ToString());
        }

        if (!string.IsNullOrWhiteSpace(Search))
        {
            query.Add("q", Search);
        }

        if (handler is not null)
        {
            query.Add("handler", handler);
        }

        return $"/devices{query.ToQueryString()}";
    }

    /// <summary>The devices that are shown now, to ask something of all of them.</summary>
    public string TogetherAddress => string.Concat("/devices/together", AddressOf(Group).AsSpan("/devices".Length));

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return false;
        }

        Search = Search is { Length: > 80 } ? Search[..80] : Search;
        (MayEnrol, MayUpdate) = (FleetRights.MayEnrol(caller), ReleaseRights.MayUpdate(caller));
        Board = await FleetBoard.ReadAsync(db, fleet, caller, Filter, cancel);
        return true;
    }
}
