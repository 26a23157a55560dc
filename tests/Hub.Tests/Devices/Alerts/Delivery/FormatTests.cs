using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

/// <summary>Messages byte for byte as the services get them.</summary>
public sealed class FormatTests
{
    private static readonly AlertNotice Two = Notices.Notice(alerts: [Notices.Alert(), Notices.Alert("一年级教室", over: true, device: "agt-00018")]) with { Truncated = 3 };

    [Fact]
    public void DingTalk() => Assert.Equal(
        """
        {"msgtype":"markdown","markdown":{"title":"【紧急】青山小学：设备离线","text":"### 【紧急】青山小学：设备离线\n\n> 三个课堂 · 09-07 10:00\n\n- **青山小学 三年级教室** 上课时设备离线。 (09:40 起) [到平台查看](https://hub.county.example:8443/devices/agt-00017)  \n  建议：请检查电源和网线。\n- 已恢复 · **青山小学 一年级教室** 上课时设备离线。 (09:40 至 09:58) [到平台查看](https://hub.county.example:8443/devices/agt-00018)\n\n还有 3 条没有列出，请到平台查看。\n\n[到平台查看](https://hub.county.example:8443/alerts)\n\n值班"},"at":{"isAtAll":false}}
        """,
        Encoding.UTF8.GetString(DingTalkMessage.Body(Notices.Letter(Two, Notices.HubAddress), Notices.Words(), "值班")));

    [Fact]
    public void WeCom() => Assert.Equal(
        """
        {"msgtype":"markdown","markdown":{"content":"<font color=\"warning\">【紧急】</font>**青山小学：设备离线**\n> 三个课堂 · 09-07 10:00\n\n**青山小学 三年级教室** 上课时设备离线。 <font color=\"comment\">09:40 起</font> [到平台查看](https://hub.county.example:8443/devices/agt-00017)\n> 建议：请检查电源和网线。\n\n<font color=\"info\">已恢复</font> **青山小学 一年级教室** 上课时设备离线。 <font color=\"comment\">09:40 至 09:58</font> [到平台查看](https://hub.county.example:8443/devices/agt-00018)\n\n还有 3 条没有列出，请到平台查看。\n\n[到平台查看](https://hub.county.example:8443/alerts)"}}
        """,
        Encoding.UTF8.GetString(WeComMessage.Body(Notices.Letter(Two, Notices.HubAddress), Notices.Words(), "")));

    [Fact]
    public void Feishu_Signed() => Assert.Equal(
        """
        {"timestamp":"1599360473","sign":"GnmU6lMJMtXPkxW7kXxgtXI0SJxjk0TQFnFuz93Dt+0=","msg_type":"interactive","card":{"config":{"wide_screen_mode":true},"header":{"template":"red","title":{"tag":"plain_text","content":"【紧急】青山小学：设备离线"}},"elements":[{"tag":"div","text":{"tag":"lark_md","content":"**青山小学 三年级教室** 上课时设备离线。 (09:40 起) [到平台查看](https://hub.county.example:8443/devices/agt-00017)\n建议：请检查电源和网线。"}},{"tag":"div","text":{"tag":"lark_md","content":"已恢复 · **青山小学 一年级教室** 上课时设备离线。 (09:40 至 09:58) [到平台查看](https://hub.county.example:8443/devices/agt-00018)"}},{"tag":"div","text":{"tag":"plain_text","content":"还有 3 条没有列出，请到平台查看。"}},{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"到平台查看"},"url":"https://hub.county.example:8443/alerts","type":"default"}]},{"tag":"note","elements":[{"tag":"plain_text","content":"三个课堂 · 09-07 10:00 · 值班"}]}]}}
        """,
        Encoding.UTF8.GetString(FeishuMessage.Body(
            Notices.Letter(Two, Notices.HubAddress), Notices.Words(), "值班", "feishu-secret", DateTimeOffset.FromUnixTimeSeconds(1599360473))));

    [Fact]
    public void Webhook_IsAlertmanagersVersion4() => Assert.Equal(
        """
        {"version":"4","groupKey":"青山小学/Offline","truncatedAlerts":3,"status":"firing","receiver":"值班群","groupLabels":{"school":"青山小学"},"commonLabels":{"alertname":"Offline","kind":"Offline","school":"青山小学","severity":"critical","town":"青山镇"},"commonAnnotations":{"title":"青山小学：设备离线"},"externalURL":"https://hub.county.example:8443/","alerts":[{"status":"firing","labels":{"alertname":"Offline","device":"agt-00017","kind":"Offline","room":"三年级教室","school":"青山小学","severity":"critical","town":"青山镇"},"annotations":{"summary":"上课时设备离线。","description":"请检查电源和网线。"},"startsAt":"2026-09-07T01:40:00.000Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"https://hub.county.example:8443/devices/agt-00017","fingerprint":"00000000000000a1"},{"status":"resolved","labels":{"alertname":"Offline","device":"agt-00018","kind":"Offline","room":"一年级教室","school":"青山小学","severity":"critical","town":"青山镇"},"annotations":{"summary":"上课时设备离线。","description":""},"startsAt":"2026-09-07T01:40:00.000Z","endsAt":"2026-09-07T01:58:00.000Z","generatorURL":"https://hub.county.example:8443/devices/agt-00018","fingerprint":"00000000000000a2"}]}
        """,
        Encoding.UTF8.GetString(WebhookMessage.Body(
            Two with { Alerts = [Two.Alerts[0] with { Fingerprint = "00000000000000a1" }, Two.Alerts[1] with { Fingerprint = "00000000000000a2" }] }, "值班群", Notices.HubAddress)));

    [Fact]
    public void Mail_SaysTheSameTwice()
    {
        MailMessage mail = MailMessage.Of(Notices.Letter(Two, Notices.HubAddress), Notices.Words(), "");
        Assert.Equal("【紧急】青山小学：设备离线", mail.Subject);
        Assert.Equal(
            "【紧急】青山小学：设备离线\r\n\r\n- 青山小学 三年级教室 上课时设备离线。 (09:40 起)\r\n  建议：请检查电源和网线。\r\n  https://hub.county.example:8443/devices/agt-00017\r\n"
            + "\r\n- 已恢复 · 青山小学 一年级教室 上课时设备离线。 (09:40 至 09:58)\r\n  https://hub.county.example:8443/devices/agt-00018\r\n"
            + "\r\n还有 3 条没有列出，请到平台查看。\r\n\r\n到平台查看: https://hub.county.example:8443/alerts\r\n\r\n-- \r\n三个课堂 · 09-07 10:00\r\n",
            mail.Plain);
        Assert.Equal(
            "<!DOCTYPE html>\r\n<html><body style=\"font-family:sans-serif;line-height:1.6\">\r\n<h2 style=\"color:#b42318\">【紧急】青山小学：设备离线</h2>\r\n<ul>\r\n"
            + "<li><b>青山小学 三年级教室</b> 上课时设备离线。 <span style=\"color:#666\">09:40 起</span> <a href=\"https://hub.county.example:8443/devices/agt-00017\">到平台查看</a><br>建议：请检查电源和网线。</li>\r\n"
            + "<li><b>已恢复 &#183; 青山小学 一年级教室</b> 上课时设备离线。 <span style=\"color:#666\">09:40 至 09:58</span> <a href=\"https://hub.county.example:8443/devices/agt-00018\">到平台查看</a></li>\r\n"
            + "</ul>\r\n<p>还有 3 条没有列出，请到平台查看。</p>\r\n<p><a href=\"https://hub.county.example:8443/alerts\">到平台查看</a></p>\r\n<p style=\"color:#666\">三个课堂 &#183; 09-07 10:00</p>\r\n</body></html>\r\n",
            mail.Html);
    }

    [Fact]
    public void WithoutThePublicAddress_ThereAreNoLinks()
    {
        string body = Encoding.UTF8.GetString(WeComMessage.Body(Notices.Letter(Two, language: "en"), Notices.Words("en"), ""));
        Assert.DoesNotContain("](", body, StringComparison.Ordinal);
        Assert.Contains("since 09:40", body, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyAlerts_AreCutToTheServicesSize_WithACount()
    {
        NoticeAlert[] many = [.. Enumerable.Range(0, 60).Select(i => Notices.Alert($"{i} 号教室", summary: new string('长', 230)))];
        Letter letter = Notices.Letter(Notices.Notice(alerts: many), Notices.HubAddress);
        byte[] wecom = WeComMessage.Body(letter, Notices.Words(), "值班");
        using JsonDocument json = JsonDocument.Parse(wecom);
        string content = json.RootElement.GetProperty("markdown").GetProperty("content").GetString()!;
        Assert.InRange(Encoding.UTF8.GetByteCount(content), 3000, WeComMessage.Most);
        Assert.EndsWith("值班", content, StringComparison.Ordinal);
        int shown = content.Split("号教室").Length - 1;
        Assert.Contains($"还有 {60 - shown} 条没有列出", content, StringComparison.Ordinal);
        Assert.InRange(FeishuMessage.Body(letter, Notices.Words(), "", "s", Notices.Morning).Length, 15_000, 20_000);
        Assert.InRange(DingTalkMessage.Body(letter, Notices.Words(), "").Length, 15_000, 20_000);
    }

    [Fact]
    public void ANameIsNoMarkup_AndNoLink()
    {
        NoticeAlert evil = Notices.Alert("[点我](http://evil.example)<@all>`x`", summary: "# 标题\n**粗**\u0007") with { PagePath = "//evil.example/x" };
        Letter letter = Notices.Letter(Notices.Notice(alerts: evil), Notices.HubAddress);
        foreach (byte[] body in new[]
        {
            DingTalkMessage.Body(letter, Notices.Words(), ""), WeComMessage.Body(letter, Notices.Words(), ""), FeishuMessage.Body(letter, Notices.Words(), "", null, Notices.Morning),
        })
        {
            string text = Encoding.UTF8.GetString(body);
            Assert.DoesNotContain("[点我]", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<@all>", text, StringComparison.Ordinal);
            Assert.DoesNotContain("**粗**", text, StringComparison.Ordinal);
            Assert.DoesNotContain("(//evil", text, StringComparison.Ordinal);
            Assert.Contains("https://hub.county.example:8443/evil.example/x", text, StringComparison.Ordinal);
        }

        MailMessage mail = MailMessage.Of(letter, Notices.Words(), "");
        Assert.DoesNotContain("<@all>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0007', mail.Plain);
    }

    [Fact]
    public void WhateverIsInANotice_TheBodiesAreSmallEnoughJson() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<NonNull<string>>(), Gen.Choose(0, 70).ToArbitrary(), (room, summary, count) =>
        {
            NoticeAlert[] alerts = [.. Enumerable.Range(0, count).Select(i => Notices.Alert(room.Get + i, summary: summary.Get))];
            Letter letter = Notices.Letter(Notices.Notice(alerts: alerts) with { Title = summary.Get }, Notices.HubAddress);
            using var dingTalk = JsonDocument.Parse(DingTalkMessage.Body(letter, Notices.Words(), room.Get));
            using var wecom = JsonDocument.Parse(WeComMessage.Body(letter, Notices.Words(), ""));
            byte[] feishu = FeishuMessage.Body(letter, Notices.Words(), "", "s", Notices.Morning);
            using var read = JsonDocument.Parse(feishu);
            return feishu.Length <= 20 << 10 && Encoding.UTF8.GetByteCount(wecom.RootElement.GetProperty("markdown").GetProperty("content").GetString()!) <= WeComMessage.Most;
        }).QuickCheckThrowOnFailure();
}
