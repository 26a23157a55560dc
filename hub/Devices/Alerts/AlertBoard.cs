using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>What of the alerts the desk shows.</summary>
internal enum AlertTab
{
    /// <summary>All that goes on and is at least a warning.</summary>
    All,
    Critical,

    /// <summary>Nobody has taken it on.</summary>
    Unacknowledged,

    /// <summary>Given to the caller, or taken on by the caller.</summary>
    Mine,
    Silenced,

    /// <summary>Goes on and is less than a warning.</summary>
    Information,

    /// <summary>Over, of the last 30 days.</summary>
    Past,
}

/// <summary>An alert and who sees to it.</summary>
internal sealed record AlertLine(Alert Alert, AlertCare? Care)
{
    public bool IsAcknowledged => Care?.AcknowledgedAt is not null;

    /// <summary>Part of a wider alert that is shown.</summary>
    public bool IsCovered => Alert.Mute is AlertMute.SchoolOffline or AlertMute.HubBlind;

    public bool IsSilenced => Alert.Mute is AlertMute.Silenced or AlertMute.Maintenance;
}

/// <param name="Search">Part of a room's, school's or town's name.</param>
internal sealed record AlertFilter(AlertTab Tab, AlertFamily? Family, string? Search)
{
    public bool Shows(AlertLine line, Guid caller, string name) =>
        IsIn(Tab, line, caller, name) && (Family is null || AlertKinds.FamilyOf(line.Alert.Kind) == Family)
        && (string.IsNullOrWhiteSpace(Search)
            || new[] { line.Alert.Room, line.Alert.School, line.Alert.Town, line.Alert.DeviceId ?? "" }.Any(t => t.Contains(Search.Trim(), StringComparison.OrdinalIgnoreCase)));

    public static bool IsIn(AlertTab tab, AlertLine line, Guid caller, string name)
    {
        Alert alert = line.Alert;
        bool matters = alert is { IsOpen: true, Severity: >= AlertSeverity.Warning };
        return tab switch
        {
            AlertTab.All => matters,
            AlertTab.Critical => matters && alert.Severity == AlertSeverity.Critical && !line.IsCovered,
            AlertTab.Unacknowledged => matters && !line.IsAcknowledged && alert.Mute == AlertMute.None,
            AlertTab.Mine => alert.IsOpen && (line.Care?.AssigneeId == caller || (line.IsAcknowledged && line.Care!.AcknowledgedBy == name)),
            AlertTab.Silenced => alert.IsOpen && line.IsSilenced,
            AlertTab.Information => alert is { IsOpen: true, Severity: AlertSeverity.Information },
            AlertTab.Past => !alert.IsOpen,
        };
    }
}

/// <summary>The alerts of one school, or of the hub itself.</summary>
/// <param name="Id">Null: the hub.</param>
/// <param name="Covered">Those that a wider alert explains.</param>
internal sealed record AlertSchool(Guid? Id, string Town, string Name, IReadOnlyList<AlertLine> Lines, IReadOnlyList<AlertLine> Covered);

/// <summary>The alerts within a caller's scope, as the desk shows them.</summary>
/// <param name="Counts">Over the whole scope, whatever the filter; none of what is over.</param>
/// <param name="Past">Newest first; only on that tab.</param>
internal sealed record AlertBoard(IReadOnlyDictionary<AlertTab, int> Counts, IReadOnlyList<AlertSchool> Schools, IReadOnlyList<AlertLine> Past, int Shown)
{
    private const int MostPast = 100;

    public static async Task<AlertBoard> ReadAsync(HubDbContext db, Caller caller, AlertFilter filter, DateTimeOffset now, CancellationToken cancel)
    {
        string name = AlertDesk.NameOf(caller);
        List<AlertLine> open = await LinesAsync(db, db.Set<Alert>().AsNoTracking().Of(caller).Where(a => a.EndsAt == null), cancel);
        List<AlertLine> shown = filter.Tab == AlertTab.Past ? [] : open.FindAll(l => filter.Shows(l, caller.AccountId, name));
        DateTimeOffset since = now.AddDays(-30);
        List<AlertLine> past = filter.Tab != AlertTab.Past ? [] : (await LinesAsync(
            db, db.Set<Alert>().AsNoTracking().Of(caller).Where(a => a.EndsAt > since && a.Worst != AlertSeverity.Information).OrderByDescending(a => a.EndsAt).Take(1000), cancel))
            .FindAll(l => filter.Shows(l, caller.AccountId, name));
        return new AlertBoard(
            Enum.GetValues<AlertTab>().ToDictionary(t => t, t => open.Count(l => (t != AlertTab.All || !l.IsCovered) && AlertFilter.IsIn(t, l, caller.AccountId, name))),
            [.. shown.GroupBy(l => l.Alert.SchoolId).Select(Of)
                .OrderBy(s => s.Id is not null).ThenBy(s => s.Lines.Count == 0).ThenByDescending(s => s.Lines.Concat(s.Covered).Max(l => l.Alert.Severity))
                .ThenBy(s => s.Lines.All(l => l.IsAcknowledged || l.IsSilenced)).ThenBy(s => s.Lines.Concat(s.Covered).Min(l => l.Alert.StartsAt)).ThenBy(s => s.Name, StringComparer.Ordinal)],
            [.. past.OrderByDescending(l => l.Alert.EndsAt).Take(MostPast)], shown.Count + past.Count);
    }

    public static async Task<List<AlertLine>> LinesAsync(HubDbContext db, IQueryable<Alert> alerts, CancellationToken cancel)
    {
        List<Alert> read = await alerts.ToListAsync(cancel);
        Dictionary<Guid, AlertCare> care = await db.Set<AlertCare>().AsNoTracking().Where(c => alerts.Any(a => a.Id == c.AlertId)).ToDictionaryAsync(c => c.AlertId, cancel);
        return [.. read.Select(a => new AlertLine(a, care.GetValueOrDefault(a.Id)))];
    }

    private static AlertSchool Of(IGrouping<Guid?, AlertLine> school)
    {
        List<AlertLine> lines = [.. school.OrderByDescending(l => l.Alert.Severity).ThenBy(l => l.IsSilenced).ThenBy(l => l.IsAcknowledged).ThenBy(l => l.Alert.StartsAt).ThenBy(l => l.Alert.Fingerprint, StringComparer.Ordinal)];
        return new AlertSchool(school.Key, lines[0].Alert.Town, lines[0].Alert.School, lines.FindAll(l => !l.IsCovered), lines.FindAll(l => l.IsCovered));
    }
}
