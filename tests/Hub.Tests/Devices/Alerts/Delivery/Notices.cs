using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;
using ThreeClassrooms.Hub.Tests.Pages;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

/// <summary>Notices, channels and words to try the delivery with.</summary>
internal static class Notices
{
    /// <summary>Monday, 10:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);

    public static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static readonly Uri HubAddress = new("https://hub.county.example:8443");

    public static NoticeAlert Alert(
        string room = "三年级教室", string school = "青山小学", bool over = false, AlertSeverity severity = AlertSeverity.Critical, string? summary = null, string device = "agt-00017") => new(
        $"{school}{room}".GetHashCode(StringComparison.Ordinal).ToString("x16", null), severity, over, Morning.AddMinutes(-20), over ? Morning.AddMinutes(-2) : null,
        new Dictionary<string, string> { [AlertLabels.Town] = "青山镇", [AlertLabels.School] = school, [AlertLabels.Room] = room, [AlertLabels.Device] = device, [AlertLabels.Kind] = "Offline" },
        summary ?? "上课时设备离线。", over ? "" : "请检查电源和网线。", $"/devices/{device}");

    public static AlertNotice Notice(NoticeKind kind = NoticeKind.Firing, AlertSeverity severity = AlertSeverity.Critical, string group = "青山小学/Offline", params NoticeAlert[] alerts) => new(
        group, kind, severity, "青山小学：设备离线", alerts.Length > 0 ? alerts : [Alert()], 0, Morning,
        new Dictionary<string, string> { [AlertLabels.School] = "青山小学" });

    public static Channel Channel(
        ChannelKind kind = ChannelKind.DingTalk, AlertSeverity from = AlertSeverity.Information, IReadOnlySet<string>? schools = null, string keyword = "", bool enabled = true, string secrets = "", MailRoute? mail = null) =>
        new(Guid.NewGuid(), "值班群", kind, from, schools, "zh-CN", keyword, enabled, mail, secrets);

    public static NoticeWords Words(string language = "zh-CN")
    {
        using var texts = new TextFixture();
        return NoticeWords.In(language, texts.Text);
    }

    public static Letter Letter(AlertNotice notice, Uri? hub = null, string language = "zh-CN") => Hub.Devices.Alerts.Delivery.Formats.Letter.Of(notice, Words(language), Shanghai, hub);
}
