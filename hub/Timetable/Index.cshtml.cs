using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>课表: a week of lessons within the reader's scope; lessons that have not begun can be cancelled with a reason.</summary>
internal sealed class IndexModel(HubDbContext db, CountyTime time, LessonCancelling cancelling, Text text) : PageModel
{
    /// <summary>Any day of the week shown.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? Week { get; set; }

    public DateOnly Monday { get; private set; }

    public DateOnly Today => time.Today;

    public IReadOnlyList<(DateOnly Day, IReadOnlyList<Occurrence> Lessons)> Days { get; private set; } = [];

    public bool MayPlan { get; private set; }

    /// <summary>Why the last cancellation was refused; null: it was not.</summary>
    public string? Problem { get; private set; }

    /// <summary>The lesson that was not cancelled and what was written about it: it is asked again with the words kept. Null: nothing was refused.</summary>
    public (Guid Lesson, string? Reason)? Refused { get; private set; }

    private Caller? _caller;

    private bool IsKnown => Week is not { } week || CountyTime.Knows(week);

    public bool MayCancel(Occurrence lesson) =>
        lesson.Phase is LessonPhase.Planned or LessonPhase.Ready && PlanRights.MayChange(_caller!, lesson.Lecturer);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => !IsKnown ? BadRequest() : await ReadAsync(cancel) ? Page() : Forbid();

    public async Task<IActionResult> OnPostCancelAsync(Guid id, string? reason, CancellationToken cancel)
    {
        if (!IsKnown)
        {
            return BadRequest();
        }

        if (!await ReadAsync(cancel))
        {
            return Forbid();
        }

        Occurrence? lesson = await db.Set<Occurrence>().AsNoTracking().Include(o => o.Lecturer).SingleOrDefaultAsync(o => o.Id == id, cancel);
        if (lesson is not null && !PlanRights.MayChange(_caller!, lesson.Lecturer))
        {
            return Forbid();
        }

        if (await cancelling.CancelAsync(id, reason ?? "", _caller) is not { } refusal)
        {
            return RedirectToPage(new { week = Week });
        }

        Problem = text.Word("Plan.Refusal", refusal);
        Refused = (id, reason);
        return Page();
    }

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        _caller = Caller.From(User);
        if (_caller is null || !PageRoles.Timetable.Any(_caller.Is))
        {
            return false;
        }

        DateOnly day = Week ?? Today;
        Monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        MayPlan = PlanRights.MayPlan(_caller);
        List<Occurrence> lessons = await db.Set<Occurrence>().AsNoTracking().VisibleTo(_caller)
            .Between(time.BoundsOf(Monday).From, time.BoundsOf(Monday.AddDays(7)).From).WithSeats().ToListAsync(cancel);
        Days =
        [
            .. lessons.OrderBy(l => l.StartsAt).GroupBy(l => time.DayOf(l.StartsAt)).OrderBy(g => g.Key)
                .Select(g => (g.Key, (IReadOnlyList<Occurrence>)[.. g])),
        ];
        return true;
    }
}
