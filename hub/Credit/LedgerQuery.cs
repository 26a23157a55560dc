using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>One line of the ledger as it is shown. <see cref="Reasons"/> is in the stored form.</summary>
/// <param name="ClosesAt">UTC: until then late evidence may still change it.</param>
internal sealed record LedgerRow(
    LedgerKey Key, DateTimeOffset ClosesAt, Guid LessonId, Guid TeacherId, string Teacher, string School, DateTimeOffset StartsAt, string Subject, string Topic, LessonMode Mode,
    CreditRole Role, LedgerKind Kind, decimal Units, decimal Ratio, decimal Hours, DateTimeOffset At, string Reasons);

/// <summary>A person's sum over the rows shown.</summary>
internal sealed record LedgerSum(Guid TeacherId, string Teacher, string School, int Lessons, decimal Lecturer, decimal Assistant)
{
    public decimal Hours => Lecturer + Assistant;
}

/// <summary>A lesson that the records do not decide.</summary>
internal sealed record UndecidedLesson(Guid LessonId, DateTimeOffset StartsAt, string Subject, string Topic, string Lecturer);

/// <summary>How far a caller's view of the ledger reaches.</summary>
internal enum LedgerScope
{
    Own,
    School,
    County,
}

/// <summary>The ledger within a caller's scope: own entries, the school's for its head, the county's for its offices.</summary>
internal sealed record LedgerQuery(HubDbContext Db, CountyTime Time, Caller Caller, CreditPolicy Policy)
{
    public LedgerScope Scope =>
        Caller.Is(Roles.CountyAdmin) || Caller.Is(Roles.CountyStaff) ? LedgerScope.County
        : Caller.HeadsSchool ? LedgerScope.School
        : LedgerScope.Own;

    /// <summary>Months in which lessons of the ledger took place, newest first; the first day of each.</summary>
    public async Task<IReadOnlyList<DateOnly>> MonthsAsync(CancellationToken cancel)
    {
        List<DateTimeOffset> starts = await Scoped().Select(e => e.Occurrence.StartsAt).ToListAsync(cancel);
        return [.. starts.Select(s => FirstOf(Time.DayOf(s))).Distinct().OrderDescending()];
    }

    /// <param name="month">Any day of it; null: everything. Filtered by the day of the lesson, not of the entry.</param>
    public async Task<IReadOnlyList<LedgerRow>> RowsAsync(DateOnly? month, CancellationToken cancel)
    {
        IQueryable<LedgerEntry> entries = Scoped();
        if (month is { } day)
        {
            DateTimeOffset from = Time.BoundsOf(FirstOf(day)).From, to = Time.BoundsOf(FirstOf(day).AddMonths(1)).From;
            entries = entries.Where(e => e.Occurrence.StartsAt >= from && e.Occurrence.StartsAt < to);
        }

        TimeSpan window = Policy.LateEvidenceWindow;
        List<LedgerRow> rows = await entries.Select(e => new LedgerRow(
            new LedgerKey(e.Id, e.Kind, e.ReversesId, e.OccurrenceId, e.TeacherId, e.Role, e.Revision), (e.Occurrence.EndedAt ?? e.Occurrence.EndsAt) + window, e.OccurrenceId, e.TeacherId, e.Teacher.Name, e.Teacher.School.Name, e.Occurrence.StartsAt, e.Occurrence.Subject, e.Occurrence.Topic,
            e.Mode, e.Role, e.Kind, e.Units, e.Ratio, e.Hours, e.At, e.Reasons)).ToListAsync(cancel);
        return [.. rows.OrderByDescending(r => r.StartsAt).ThenBy(r => r.Role).ThenBy(r => r.Teacher, StringComparer.Ordinal).ThenBy(r => r.At)];
    }

    public async Task<IReadOnlyList<UndecidedLesson>> ToDecideAsync(CancellationToken cancel)
    {
        if (Scope != LedgerScope.County)
        {
            return [];
        }

        List<UndecidedLesson> found = await Db.Set<StoredJudgement>().AsNoTracking().ToDecide(Db)
            .Join(Db.Set<Occurrence>(), j => j.OccurrenceId, o => o.Id, (_, o) => new UndecidedLesson(o.Id, o.StartsAt, o.Subject, o.Topic, o.Lecturer.Name))
            .ToListAsync(cancel);
        return [.. found.OrderBy(l => l.StartsAt)];
    }

    /// <summary>Only lessons whose hours are in force count as lessons: what was taken back is none.</summary>
    public static IReadOnlyList<LedgerSum> Sum(IReadOnlyList<LedgerRow> rows)
    {
        HashSet<Guid> back = LedgerKey.TakenBack([.. rows.Select(r => r.Key)]);
        return
        [
            .. rows.GroupBy(r => r.TeacherId).Select(g => new LedgerSum(
                    g.Key, g.First().Teacher, g.First().School,
                    g.Where(r => r.Kind == LedgerKind.Credit && r.Units > 0 && !back.Contains(r.Key.Id)).Select(r => r.LessonId).Distinct().Count(),
                    g.Where(r => r.Role == CreditRole.Lecturer).Sum(r => r.Hours), g.Where(r => r.Role == CreditRole.Assistant).Sum(r => r.Hours)))
                .OrderByDescending(s => s.Hours).ThenBy(s => s.Teacher, StringComparer.Ordinal),
        ];
    }

    private IQueryable<LedgerEntry> Scoped()
    {
        IQueryable<LedgerEntry> all = Db.Set<LedgerEntry>().AsNoTracking();
        return Scope switch
        {
            LedgerScope.County => all,
            LedgerScope.School => all.Where(e => e.Teacher.SchoolId == Caller.SchoolId),
            LedgerScope.Own => all.Where(e => e.Teacher.AccountId == Caller.AccountId),
        };
    }

    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);
}
