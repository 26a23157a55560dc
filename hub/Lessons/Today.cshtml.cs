using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>今日课程: the live board. The part that changes is fetched again on its own (<see cref="OnGetBoardAsync"/>).</summary>
internal sealed class TodayModel(HubDbContext db, CountyTime time, LessonSnapshots snapshots, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "day")]
    public DateOnly? Chosen { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? School { get; set; }

    [BindProperty(SupportsGet = true)]
    public LessonMode? Mode { get; set; }

    public DayBoard Board { get; private set; } = null!;

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public DateOnly Today => time.Today;

    public bool IsToday => Board.Day == Today;

    /// <summary>The lecturer's own lesson to go to now: the open one, else the next.</summary>
    public BoardCard? Mine => IsToday
        ? Board.Cards.Where(c => c.MayTeach && c.GroupAt(Now) != BoardGroup.Done).OrderByDescending(c => c.IsOpen).ThenBy(c => c.StartsAt).FirstOrDefault()
        : null;

    public IEnumerable<(BoardGroup Group, IReadOnlyList<BoardCard> Cards)> Groups =>
        Enum.GetValues<BoardGroup>().Select(g => (g, (IReadOnlyList<BoardCard>)[.. Board.Cards.Where(c => c != Mine && c.GroupAt(Now) == g)])).Where(p => p.Item2.Count > 0);

    private bool IsKnown => Chosen is not { } day || CountyTime.Knows(day);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => !IsKnown ? BadRequest() : await ReadAsync(cancel) ? Page() : RedirectToPlace();

    /// <summary>Only the board, for the page that is already open.</summary>
    public async Task<IActionResult> OnGetBoardAsync(CancellationToken cancel) => !IsKnown ? BadRequest() : await ReadAsync(cancel) ? Partial("/Lessons/_Board.cshtml", this) : Forbid();

    /// <summary>Address of this board with another day, the filter kept.</summary>
    public string AddressOf(DateOnly day, string? handler = null)
    {
        var query = new QueryBuilder();
        if (day != Today)
        {
            query.Add("day", day.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        }

        if (School is { } school)
        {
            query.Add("school", school.ToString());
        }

        if (Mode is { } mode)
        {
            query.Add("mode", mode.ToString());
        }

        if (handler is not null)
        {
            query.Add("handler", handler);
        }

        return $"/{query.ToQueryString()}";
    }

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        Caller? caller = Caller.From(User);
        if (caller is null || !PageRoles.Lessons.Any(caller.Is))
        {
            return false;
        }

        Board = await DayBoard.ReadAsync(db, time, snapshots.Of, caller, Chosen ?? Today, new BoardFilter(School, Mode), cancel);
        return true;
    }

    /// <summary>People without lessons begin at the first page of their navigation.</summary>
    private IActionResult RedirectToPlace() =>
        Navigation.For(User) is [var first, ..] ? LocalRedirect(first.Path) : Forbid();
}
