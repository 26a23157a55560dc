using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>课时台账: entries and sums within the reader's scope, by month, and the same as a file.</summary>
internal sealed class LedgerModel(HubDbContext db, CountyTime time, Text text, ReasonText reasons, CreditPolicy policy, CountyClock clock) : PageModel
{
    /// <summary>yyyy-MM; anything else: all months.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Month { get; set; }

    public LedgerScope Scope { get; private set; }

    public IReadOnlyList<DateOnly> Months { get; private set; } = [];

    public IReadOnlyList<LedgerRow> Rows { get; private set; } = [];

    public IReadOnlyList<LedgerSum> Sums { get; private set; } = [];

    /// <summary>Lessons that wait for a decision, oldest first; for the county only.</summary>
    public IReadOnlyList<UndecidedLesson> ToDecide { get; private set; } = [];

    /// <summary>How long after a lesson late evidence counts, in words.</summary>
    public string WindowInWords => clock.Length(Policy.LateEvidenceWindow);

    public CreditPolicy Policy { get; } = policy;

    public DateOnly? Chosen =>
        DateOnly.TryParseExact(Month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly month) && CountyTime.Knows(month) ? month : null;

    /// <summary>Late evidence may still change this entry.</summary>
    public bool IsProvisional(LedgerRow row) => row.ClosesAt > clock.Now;

    public IEnumerable<string> SayAll(LedgerRow row) => reasons.SayAll(row.Reasons);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ? Page() : Forbid();

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        if (!await ReadAsync(cancel))
        {
            return Forbid();
        }

        string[] head = ["Date", "Time", "School", "Teacher", "Role", "Subject", "Topic", "Mode", "Kind", "Units", "Ratio", "Hours", "Standing", "Reasons"];
        IEnumerable<object> first = head.Select(h => (object)text[$"Credit.Column.{h}"]);
        byte[] file = LedgerCsv.Write(Rows.Select(Cells).Prepend([.. first]));
        return File(file, "text/csv; charset=utf-8", $"class-hours-{Month ?? "all"}.csv");
    }

    private IReadOnlyList<object> Cells(LedgerRow row) =>
    [
        clock.DayOf(row.StartsAt).ToString("O", CultureInfo.InvariantCulture), clock.Time(row.StartsAt), row.School, row.Teacher,
        text.Word("CreditRole", row.Role), row.Subject, row.Topic, text.Word("Mode", row.Mode), text.Word("LedgerKind", row.Kind),
        row.Units, row.Ratio, row.Hours, text[IsProvisional(row) ? "Credit.Provisional" : "Credit.Final"], string.Join(' ', SayAll(row)),
    ];

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !PageRoles.Credit.Any(caller.Is))
        {
            return false;
        }

        if (Chosen is null)
        {
            Month = null;
        }

        var query = new LedgerQuery(db, time, caller, Policy);
        Scope = query.Scope;
        Months = await query.MonthsAsync(cancel);
        Rows = await query.RowsAsync(Chosen, cancel);
        Sums = LedgerQuery.Sum(Rows);
        ToDecide = await query.ToDecideAsync(cancel);
        return true;
    }
}
