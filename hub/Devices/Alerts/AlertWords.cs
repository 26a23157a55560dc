using System.Globalization;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Says alerts in plain words: on pages in the language of the request, in messages in the county's. Thread-safe.</summary>
internal sealed class AlertWords(Text text, HealthWords health, FleetHealth fleet, AlertsOptions options)
{
    public string Name(AlertKind kind) => AlertKinds.IssueOf(kind) is { } issue ? health.Name(issue) : text[$"Alert.{kind}.Name"];

    /// <summary>What is the matter, one sentence.</summary>
    public string Why(Alert alert)
    {
        if (AlertKinds.IssueOf(alert.Kind) is not { } issue)
        {
            return text[$"Alert.{alert.Kind}.What", alert.Value ?? 0];
        }

        // The reading of this minute, where there is one; else the one that decided.
        CurrentIssue? now = alert.IsOpen && alert.DeviceId is { } id ? fleet.ViewOf(id)?.Issues.FirstOrDefault(i => i.Kind == issue && i.Part == alert.Part) : null;
        return health.Sentence(now ?? new CurrentIssue(issue, alert.Part, alert.StartsAt, alert.Value, IssueSeverity.Information, false));
    }

    /// <summary>What to try.</summary>
    public string Try(AlertKind kind) => AlertKinds.IssueOf(kind) is { } issue ? health.Try(issue) : text[$"Alert.{kind}.Try"];

    /// <summary>The room's lesson that takes place or comes next; empty: none, or not about a room.</summary>
    public string Lesson(Alert alert) => alert.DeviceId is { } id && fleet.ViewOf(id) is { } view ? health.Lesson(view) : "";

    /// <summary>"石门镇中心小学 三年级教室"; of the hub, its own name.</summary>
    public string Place(Alert alert) => alert.SchoolId is null ? text["Alert.Hub"] : alert.Room.Length > 0 ? $"{alert.School} {alert.Room}" : alert.School;

    public static string PathOf(Alert alert) => $"/alerts/{alert.Id}";

    public static string Tone(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => "is-bad",
        AlertSeverity.Warning => "is-warn",
        AlertSeverity.Information => "is-info",
    };

    /// <summary>The message, in the county's language whoever asks.</summary>
    public AlertNotice Notice(PlannedNotice planned)
    {
        (CultureInfo culture, CultureInfo pages) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(options.Language);
            return InTheseWords(planned);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, pages);
        }
    }

    private AlertNotice InTheseWords(PlannedNotice planned)
    {
        List<Alert> all = [.. planned.Active, .. planned.Over];
        Alert? first = all.FirstOrDefault();
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (first is { SchoolId: not null })
        {
            (labels[AlertLabels.Town], labels[AlertLabels.School]) = (first.Town, first.School);
        }

        return new AlertNotice(
            planned.GroupKey, planned.Kind, planned.Severity, Title(planned, first), [.. all.Take(options.MaxAlerts).Select(Line)],
            Math.Max(0, all.Count - options.MaxAlerts), planned.At, labels);
    }

    private string Title(PlannedNotice planned, Alert? first)
    {
        string where = first is null || first.SchoolId is null ? text["Alert.Hub"] : first.School;
        string what = string.Join(text["Shell.Comma"], planned.Active.Concat(planned.Over).Select(a => a.Kind).Distinct().Order().Take(3).Select(Name));
        return planned.Kind switch
        {
            NoticeKind.Firing => text["Alert.Notice.Firing", where, what, planned.Active.Count],
            NoticeKind.Resolved => text[planned.Remaining > 0 ? "Alert.Notice.PartResolved" : "Alert.Notice.Resolved", where, what, planned.Remaining],
            NoticeKind.Reminder => text["Alert.Notice.Reminder", where, what, planned.Active.Count],
            NoticeKind.Alive => text[planned.Remaining > 0 ? "Alert.Notice.AliveOpen" : "Alert.Notice.Alive", planned.Remaining],
            NoticeKind.Digest or NoticeKind.Test => what,
        };
    }

    private NoticeAlert Line(Alert alert)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { [AlertLabels.Kind] = alert.Kind.ToString() };
        foreach ((string name, string value) in new[]
        {
            (AlertLabels.Town, alert.Town), (AlertLabels.School, alert.School), (AlertLabels.Room, alert.Room), (AlertLabels.Device, alert.DeviceId ?? ""),
        })
        {
            if (value.Length > 0)
            {
                labels[name] = value;
            }
        }

        string why = alert.FlappingSince is null ? Why(alert) : text["Alert.Flaps", Why(alert)];
        return new NoticeAlert(
            alert.Fingerprint, alert.IsOpen ? alert.Severity : alert.WorstTold ?? alert.Severity, !alert.IsOpen, alert.StartsAt, alert.EndsAt, labels,
            text["Alert.Line", Place(alert), why], alert.IsOpen ? Try(alert.Kind) : "", PathOf(alert));
    }
}
