using System.Globalization;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>A line of a classroom's own account of the lesson in words, for the record.</summary>
internal static class OwnLine
{
    public static FactLine Of(SeatReport report, IReadOnlyDictionary<string, string> rooms, Text text)
    {
        string room = rooms.TryGetValue(report.SeatId, out string? name) ? name : report.SeatId;
        (string words, string icon, string tone) = report.Kind switch
        {
            SeatReportKind.Attends => (text["Own.Attends", room], "calendar-event", "info"),
            SeatReportKind.Joined => (text["Own.Joined", room], "plug-connected", "good"),
            SeatReportKind.CutOff => (text["Own.CutOff", room], "wifi-off", "warn"),
            SeatReportKind.Restarted => (text["Own.Restarted", room], "refresh", "warn"),
            SeatReportKind.Left => (text["Own.Left", room], "plug-connected-x", "info"),
            SeatReportKind.Readiness when report.Text is null or "ok" => (text["Own.Readiness.Ok", room], "check", "good"),
            SeatReportKind.Readiness => (
                text["Own.Readiness.Faulty", room, string.Join(text["Shell.Comma"], report.Text.Split(',').Select(p => text[$"Own.Part.{p}"]))], "alert-triangle", "warn"),
        };
        return new FactLine(report.At, words, icon, tone) { Note = report.Late ? Note(report.ErrorMs, text) : null };
    }

    /// <summary>Handed in late, and how well its time is known when that is worse than a second.</summary>
    private static string Note(long? errorMs, Text text) => errorMs switch
    {
        null => $"{text["Own.Late"]}{text["Shell.Comma"]}{text["Own.ErrorUnknown"]}",
        > 1000 => $"{text["Own.Late"]}{text["Shell.Comma"]}{text["Own.Error", (errorMs.Value / 1000.0).ToString("0", CultureInfo.InvariantCulture)]}",
        _ => text["Own.Late"],
    };
}
