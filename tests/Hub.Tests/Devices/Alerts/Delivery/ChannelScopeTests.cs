using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

public sealed class ChannelScopeTests
{
    private static readonly HashSet<string> Qingshan = ["青山小学"];

    [Fact]
    public void ACountyChannel_TakesFromItsSeverityUp()
    {
        Channel warnings = Notices.Channel(from: AlertSeverity.Warning);
        Assert.NotNull(warnings.Takes(Notices.Notice(severity: AlertSeverity.Warning)));
        Assert.NotNull(warnings.Takes(Notices.Notice(severity: AlertSeverity.Critical)));
        Assert.Null(warnings.Takes(Notices.Notice(severity: AlertSeverity.Information)));
        Assert.Null((warnings with { Enabled = false }).Takes(Notices.Notice()));
    }

    [Fact]
    public void ASchoolsChannel_IsToldNothingOfOthers()
    {
        Channel own = Notices.Channel(schools: Qingshan, from: AlertSeverity.Warning);
        AlertNotice both = Notices.Notice(alerts: [Notices.Alert(severity: AlertSeverity.Warning), Notices.Alert("一年级教室", "白水小学")]);
        AlertNotice cut = own.Takes(both)!;
        Assert.Equal("青山小学", Assert.Single(cut.Alerts).Labels[AlertLabels.School]);
        Assert.Equal(AlertSeverity.Warning, cut.Severity);
        Assert.Null(own.Takes(Notices.Notice(alerts: [Notices.Alert("一年级教室", "白水小学")])));
        Assert.Null((own with { MinimumSeverity = AlertSeverity.Critical }).Takes(both));
    }

    [Fact]
    public void TheSignOfLife_GoesToChannelsOfTheWholeCounty()
    {
        AlertNotice alive = Notices.Notice(NoticeKind.Alive, AlertSeverity.Information) with { Alerts = [] };
        Assert.NotNull(Notices.Channel(from: AlertSeverity.Critical).Takes(alive));
        Assert.Null(Notices.Channel(schools: Qingshan).Takes(alive));
    }

    [Fact]
    public void ADigest_SaysEachAlertOnce_AsItWasLast()
    {
        AlertNotice begun = Notices.Notice(alerts: [Notices.Alert(), Notices.Alert("二年级教室", severity: AlertSeverity.Warning)]);
        AlertNotice over = Notices.Notice(NoticeKind.Resolved, alerts: [Notices.Alert(over: true)]);
        AlertNotice alive = Notices.Notice(NoticeKind.Alive, AlertSeverity.Information, "alive") with { Alerts = [], Title = "运行正常" };
        AlertNotice digest = Digest.Of([begun, over, alive], "{0}/{1}/{2}");
        Assert.Equal((NoticeKind.Digest, "3/2/1", AlertSeverity.Critical), (digest.Kind, digest.Title, digest.Severity));
        Assert.Equal(["上课时设备离线。", "运行正常", "上课时设备离线。"], digest.Alerts.Select(a => a.Summary));
        Assert.Equal([false, false, true], digest.Alerts.Select(a => a.IsResolved));
    }

    [Fact]
    public void AHugeDigest_IsCutWithACount()
    {
        AlertNotice[] many = [.. Enumerable.Range(0, 100).Select(i => Notices.Notice(group: $"g{i}", alerts: [Notices.Alert($"{i} 班"), Notices.Alert($"{i} 室")]) with { Truncated = 1 })];
        AlertNotice digest = Digest.Of(many, "{0}/{1}/{2}");
        Assert.Equal(300, digest.Alerts.Count + digest.Truncated);
        Assert.Equal("100/200/0", digest.Title);
    }
}
