using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Devices.Fleet.Away;

/// <summary>A day on which lessons are planned somewhere in the county; weekends and holidays have none.</summary>
/// <param name="From">Begin of the first lesson, UTC.</param>
/// <param name="To">End of the last.</param>
internal readonly record struct SchoolDay(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Days whose lessons all took place without a device that was last heard at <paramref name="since"/>.</summary>
    public static int Missed(IEnumerable<SchoolDay> days, DateTimeOffset since, DateTimeOffset until) => days.Count(d => since <= d.From && d.To <= until);
}

/// <summary>A device that has been away for long.</summary>
/// <param name="Since">UTC: last heard; of one that was never heard, when it was enrolled.</param>
/// <param name="Days">School days without it, one after the other.</param>
/// <param name="Never">It was never heard.</param>
internal sealed record AwayDevice(FleetRow Row, DateTimeOffset Since, int Days, bool Never);

/// <summary>Devices away for at least <see cref="Enough"/> school days in a row, within a caller's scope; the longest away first.</summary>
/// <param name="Until">UTC: what came later was not seen; null: the hub sees.</param>
/// <param name="NoSchool">No lesson was planned in all that time.</param>
internal sealed record AwayReport(IReadOnlyList<AwayDevice> Devices, DateTimeOffset? Until, bool NoSchool)
{
    public const int Enough = 2;

    /// <summary>A longer absence is still told from its begin, but counts no more days.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromDays(200);

    public static async Task<AwayReport> ReadAsync(HubDbContext db, FleetHealth fleet, CountyTime county, Caller caller, DateTimeOffset now, CancellationToken cancel)
    {
        Sight sight = fleet.Sight;
        DateTimeOffset until = sight.Blind && sight.Since < now ? sight.Since : now;
        List<SchoolDay> days = await DaysAsync(db, county, until, cancel);
        var known = await (
            from device in db.Set<Device>().AsNoTracking()
            join report in db.Set<DeviceReport>() on device.Id equals report.DeviceId into reports
            from report in reports.DefaultIfEmpty()
            select new { device.Id, device.EnrolledAt, HeardAt = report == null ? null : report.HeardAt }).ToDictionaryAsync(d => d.Id, cancel);
        List<AwayDevice> away = [];
        foreach (FleetRow row in await FleetBoard.RowsAsync(db, fleet, caller, cancel))
        {
            if (row is { DeviceId: { } id, Disabled: false } && row.View?.Presence != PresenceState.Up && known.TryGetValue(id, out var device))
            {
                DateTimeOffset? heard = Later(row.View?.LastHeard, device.HeardAt);
                DateTimeOffset since = heard ?? device.EnrolledAt;
                int missed = SchoolDay.Missed(days, since, until);
                if (missed >= Enough)
                {
                    away.Add(new AwayDevice(row, since, missed, heard is null));
                }
            }
        }

        return new AwayReport(
            [.. away.OrderByDescending(d => d.Days).ThenBy(d => d.Row.View?.Next?.StartsAt ?? DateTimeOffset.MaxValue).ThenBy(d => d.Since).ThenBy(d => d.Row.School, StringComparer.Ordinal)],
            sight.Blind ? until : null, days.Count == 0);
    }

    private static async Task<List<SchoolDay>> DaysAsync(HubDbContext db, CountyTime county, DateTimeOffset until, CancellationToken cancel)
    {
        DateTimeOffset from = until - Span;
        var lessons = await db.Set<Occurrence>().AsNoTracking()
            .Where(o => o.StartsAt >= from && o.EndsAt <= until.AddDays(1) && o.Phase != LessonPhase.Cancelled).Select(o => new { o.StartsAt, o.EndsAt }).ToListAsync(cancel);
        return [.. lessons.GroupBy(l => county.DayOf(l.StartsAt)).Select(d => new SchoolDay(d.Min(l => l.StartsAt), d.Max(l => l.EndsAt)))];
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
