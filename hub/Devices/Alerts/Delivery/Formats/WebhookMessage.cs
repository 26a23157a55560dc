using System.Globalization;
using System.Text.Json;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>A notice as Alertmanager posts it to a webhook (version 4). Pure. Times are UTC, RFC 3339.</summary>
internal static class WebhookMessage
{
    public const string TimestampHeader = "X-ThreeClassrooms-Timestamp";
    public const string SignatureHeader = "X-ThreeClassrooms-Signature";

    /// <summary>The same for a message that is sent again: a receiver that has seen it may drop it.</summary>
    public const string DeliveryHeader = "X-ThreeClassrooms-Delivery";

    /// <summary>Stands for "it goes on", as Alertmanager writes it.</summary>
    private const string NoEnd = "0001-01-01T00:00:00Z";

    /// <param name="receiver">The channel's name.</param>
    public static byte[] Body(AlertNotice notice, string receiver, Uri? hub)
    {
        NoticeAlert[] alerts = notice.Alerts.Count > 0 ? [.. notice.Alerts] : [LineOf(notice)];
        return JsonBody.Write(json =>
        {
            json.WriteString("version", "4");
            json.WriteString("groupKey", notice.GroupKey);
            json.WriteNumber("truncatedAlerts", notice.Truncated);
            json.WriteString("status", StatusOf(alerts.All(a => a.IsResolved)));
            json.WriteString("receiver", receiver);
            Labels(json, "groupLabels", notice.GroupLabels);
            Labels(json, "commonLabels", alerts.Select(LabelsOf).Aggregate((common, next) => common.Where(l => next.TryGetValue(l.Key, out string? v) && v == l.Value).ToDictionary()));
            json.Object("commonAnnotations", () => json.WriteString("title", notice.Title));
            json.WriteString("externalURL", hub?.AbsoluteUri ?? "");
            json.WriteStartArray("alerts");
            foreach (NoticeAlert alert in alerts)
            {
                json.WriteStartObject();
                json.WriteString("status", StatusOf(alert.IsResolved));
                Labels(json, "labels", LabelsOf(alert));
                json.Object("annotations", () =>
                {
                    json.WriteString("summary", alert.Summary);
                    json.WriteString("description", alert.NextStep);
                });
                json.WriteString("startsAt", TimeOf(alert.StartsAt));
                json.WriteString("endsAt", alert.EndsAt is { } end ? TimeOf(end) : NoEnd);
                json.WriteString("generatorURL", alert.PagePath.Length == 0 ? "" : Letter.LinkTo(hub, alert.PagePath) ?? "");
                json.WriteString("fingerprint", alert.Fingerprint);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>What a receiver of Alertmanager's messages looks for is there too: alertname and severity.</summary>
    private static Dictionary<string, string> LabelsOf(NoticeAlert alert)
    {
        Dictionary<string, string> labels = alert.Labels.ToDictionary();
        labels["alertname"] = alert.Labels.GetValueOrDefault(AlertLabels.Kind) ?? "ThreeClassrooms";
        labels["severity"] = alert.Severity switch { AlertSeverity.Critical => "critical", AlertSeverity.Warning => "warning", AlertSeverity.Information => "info" };
        return labels;
    }

    private static NoticeAlert LineOf(AlertNotice notice) => new(
        notice.Kind.ToString(), notice.Severity, notice.Kind == NoticeKind.Resolved, notice.At, null,
        new Dictionary<string, string>(notice.GroupLabels) { [AlertLabels.Kind] = notice.Kind.ToString() }, notice.Title, "", "");

    private static void Labels(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> labels) => json.Object(name, () =>
    {
        foreach ((string label, string value) in labels.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            json.WriteString(label, value);
        }
    });

    private static string StatusOf(bool over) => over ? "resolved" : "firing";

    private static string TimeOf(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
