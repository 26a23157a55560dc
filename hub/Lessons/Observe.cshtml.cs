using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>The observer's view. The hub logs who watched from when to when once the page joins the lesson.</summary>
internal sealed class ObserveModel(HubDbContext db, CreditPolicy policy, Text text) : LivePage(db, policy)
{
    private const int Newest = 30;

    /// <summary>What happened before the observer came, newest first.</summary>
    public IReadOnlyList<FactLine> SoFar { get; private set; } = [];

    public override async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        IActionResult result = await base.OnGetAsync(id, cancel);
        if (Lesson is not null)
        {
            List<LessonEvent> events = await Db.Set<LessonEvent>().AsNoTracking()
                .Where(e => e.LessonId == id).OrderByDescending(e => e.Sequence).Take(Newest).ToListAsync(cancel);
            Dictionary<string, string> rooms = await Db.Set<Participation>().Where(p => p.OccurrenceId == id)
                .Include(p => p.Classroom).ThenInclude(c => c.School).ToDictionaryAsync(p => p.SeatId, p => FactLine.NameOf(p.Classroom), cancel);
            SoFar = [.. events.Select(e => FactLine.Of(e.ToFact(), rooms, text)).OfType<FactLine>()];
        }

        return result;
    }

    protected override bool May(Caller caller) => Lesson.MayObserve(caller);
}
