using System.Globalization;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>Puts messages that wait too close together into one. Pure.</summary>
internal static class Digest
{
    public const string GroupKey = "digest";

    private const int MostAlerts = 60;

    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    /// <param name="notices">Two or more, in their order.</param>
    /// <param name="title">With {0} messages, {1} alerts that go on, {2} that are over.</param>
    /// <returns>Each alert once, as the last notice that has it says; those that go on first, the most urgent of them before the others.</returns>
    public static AlertNotice Of(IReadOnlyList<AlertNotice> notices, string title)
    {
        Dictionary<string, NoticeAlert> latest = [];
        foreach (AlertNotice notice in notices)
        {
            foreach (NoticeAlert alert in notice.Alerts.Count > 0 ? notice.Alerts : [LineOf(notice)])
            {
                latest[alert.Fingerprint] = alert;
            }
        }

        NoticeAlert[] all = [.. latest.Values.OrderBy(a => a.IsResolved).ThenByDescending(a => a.Severity).ThenBy(a => a.StartsAt).ThenBy(a => a.Fingerprint, StringComparer.Ordinal)];
        int over = all.Count(a => a.IsResolved);
        return new AlertNotice(
            GroupKey, NoticeKind.Digest, notices.Max(n => n.Severity),
            string.Format(CultureInfo.InvariantCulture, title, notices.Count, all.Length - over, over),
            [.. all.Take(MostAlerts)], notices.Sum(n => n.Truncated) + Math.Max(0, all.Length - MostAlerts), notices.Max(n => n.At), NoLabels);
    }

    /// <summary>A notice that has a title only.</summary>
    private static NoticeAlert LineOf(AlertNotice notice) => new(
        $"{notice.Kind}:{notice.GroupKey}", notice.Severity, notice.Kind == NoticeKind.Resolved, notice.At, null, notice.GroupLabels, notice.Title, "", "");
}
