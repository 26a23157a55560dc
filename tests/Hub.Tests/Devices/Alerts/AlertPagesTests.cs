using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Tests.Devices.Health;
using ThreeClassrooms.Hub.Tests.Pages;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts;

/// <summary>What staff see of alerts, and what they do about them.</summary>
public sealed class AlertPagesTests(PagesHub hub) : IClassFixture<PagesHub>
{
    private const string HeadsSchool = "清川县城关实验小学";

    private FleetHealth Fleet => hub.Services.GetRequiredService<FleetHealth>();

    private AlertLoop Loop => hub.Services.GetRequiredService<AlertLoop>();

    [Fact]
    public async Task EvidenceThatContradicts_StandsOnTheDesk_UntilItsTimeIsOver()
    {
        (Alert fault, _) = await FaultAsync("石门镇中心小学");
        string id = fault.DeviceId!;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await hub.WithAsync(db =>
        {
            db.AddRange(Conflict(1, now.AddDays(-8)), Conflict(2, now.AddDays(-1)), Conflict(3, now.AddHours(-1)));
            db.Add(new InboxGap { DeviceId = id, Epoch = Guid.NewGuid(), Stream = EvidenceStreams.Evidence, From = 5, Through = 8, Reason = DropReason.DeadLetter, ReportedAt = now });
            db.Add(new InboxGap { DeviceId = id, Epoch = Guid.NewGuid(), Stream = EvidenceStreams.Metrics, From = 1, Through = 900, Reason = DropReason.Quota, ReportedAt = now });
            return db.SaveChangesAsync();
        });
        await Loop.RefreshAsync(CancellationToken.None);
        List<Alert> open = await hub.WithAsync(db => db.Set<Alert>().Where(a => a.DeviceId == id && a.EndsAt == null).ToListAsync());
        await hub.WithAsync(db =>
        {
            db.AddRange(Record(1, InboxOutcome.TooLate), Record(2, InboxOutcome.Applied), Record(3, InboxOutcome.NotItsSeat));
            return db.SaveChangesAsync();
        });
        await Loop.RefreshAsync(CancellationToken.None); // of the records, only the new ones are read
        await Loop.RefreshAsync(CancellationToken.None);
        Assert.Equal(6, (await hub.WithAsync(db => db.Set<Alert>().SingleAsync(a => a.DeviceId == id && a.Kind == AlertKind.EvidenceAside))).Value);
        Assert.Equal(2, open.Single(a => a.Kind == AlertKind.EvidenceConflict).Value);
        Assert.Equal(4, open.Single(a => a.Kind == AlertKind.EvidenceAside).Value);
        using HttpClient county = await hub.SignedInAsync("county");
        IHtmlDocument page = await PagesHub.PageAsync(county, $"/alerts/{open.Single(a => a.Kind == AlertKind.EvidenceConflict).Id}");
        Assert.Contains("2 条记录", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("证据交接", page.Body.TextContent, StringComparison.Ordinal);

        InboxRecord Record(long number, InboxOutcome outcome) => new()
        {
            DeviceId = id,
            Epoch = Guid.NewGuid(),
            Stream = EvidenceStreams.Evidence,
            Sequence = number,
            EventId = Guid.NewGuid(),
            ReceivedAt = now,
            Outcome = outcome,
        };

        InboxConflict Conflict(long number, DateTimeOffset at) =>
            new() { DeviceId = id, Epoch = Guid.NewGuid(), Stream = EvidenceStreams.Evidence, Sequence = number, Sha256 = $"{number}", Record = "{}", ReceivedAt = at };
    }

    [Fact]
    public async Task AFault_StandsOnTheDesk_IsTakenOn_Given_Noted_AndAllOfItIsWrittenDown()
    {
        (Alert alert, string room) = await FaultAsync("石门镇中心小学");
        using HttpClient county = await hub.SignedInAsync("county");
        IHtmlDocument desk = await PagesHub.PageAsync(county, "/alerts");
        string line = desk.QuerySelector($"#alert-{alert.Id:N}")!.TextContent;
        Assert.Contains(room, line, StringComparison.Ordinal);
        Assert.Contains("硬盘自检报告即将损坏", line, StringComparison.Ordinal);
        Assert.Contains("尽快更换硬盘", line, StringComparison.Ordinal);
        Assert.NotEqual("0", desk.QuerySelector(".mainnav .nav-count")!.TextContent);
        int waiting = Waiting(desk);

        HttpResponseMessage taken = await PagesHub.PostAsync(county, desk, "/alerts?tab=Unacknowledged&handler=Acknowledge", new() { ["id"] = alert.Id.ToString() });
        Assert.Equal("/alerts?tab=Unacknowledged", taken.Headers.Location!.OriginalString);
        desk = await PagesHub.PageAsync(county, "/alerts");
        Assert.Contains("处理中", desk.QuerySelector($"#alert-{alert.Id:N}")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(waiting - 1, Waiting(desk));
        Assert.Null((await PagesHub.PageAsync(county, "/alerts?tab=Unacknowledged")).QuerySelector($"#alert-{alert.Id:N}"));
        Assert.NotNull((await PagesHub.PageAsync(county, "/alerts?tab=Mine&handler=Board")).QuerySelector($"#alert-{alert.Id:N}"));

        string address = $"/alerts/{alert.Id}";
        IHtmlDocument page = await PagesHub.PageAsync(county, address);
        string person = page.QuerySelectorAll("#person option").Single(o => o.TextContent.Length > 0 && o.GetAttribute("value")!.Length > 0).GetAttribute("value")!;
        await PagesHub.PostAsync(county, page, address + "?handler=Assign", new() { ["person"] = person });
        Guid teacher = await hub.WithAsync(db => db.Set<Account>().Where(a => a.UserName == "wangxiulan").Select(a => a.Id).SingleAsync());
        Assert.NotNull((await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, address + "?handler=Assign", new() { ["person"] = teacher.ToString() }))).QuerySelector("[role=alert]"));
        Assert.NotNull((await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, address + "?handler=Note", new() { ["text"] = "  " }))).QuerySelector("[role=alert]"));
        await PagesHub.PostAsync(county, page, address + "?handler=Note", new() { ["text"] = "下午换 <b>硬盘</b>" });
        await PagesHub.PostAsync(county, page, address + "?handler=Unacknowledge", []);
        page = await PagesHub.PageAsync(county, address);
        Assert.Contains("下午换 <b>硬盘</b>", page.QuerySelector(".diary")!.TextContent, StringComparison.Ordinal);
        List<AuditAction> trail = await hub.WithAsync(db => db.Set<AuditEntry>().Where(e => e.Subject == alert.Id.ToString()).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync());
        Assert.Equal([AuditAction.AcknowledgedAlert, AuditAction.AssignedAlert, AuditAction.NotedAlert, AuditAction.UnacknowledgedAlert], trail);
        List<AlertEventKind> diary = await hub.WithAsync(db => db.Set<AlertEvent>().Where(e => e.AlertId == alert.Id).OrderBy(e => e.Id).Select(e => e.Kind).ToListAsync());
        Assert.Equal(
            [AlertEventKind.Raised, AlertEventKind.Acknowledged, AlertEventKind.Assigned, AlertEventKind.Noted, AlertEventKind.Unacknowledged], diary.Where(k => k is not (AlertEventKind.Told or AlertEventKind.ToldNobody)));
    }

    [Fact]
    public async Task AHead_SeesAndHandlesTheOwnSchoolsAlertsOnly()
    {
        (Alert own, _) = await FaultAsync(HeadsSchool);
        (Alert other, _) = await FaultAsync("白杨镇中心小学");
        using HttpClient head = await hub.SignedInAsync("head");
        IHtmlDocument desk = await PagesHub.PageAsync(head, "/alerts");
        Assert.NotNull(desk.QuerySelector($"#alert-{own.Id:N}"));
        Assert.Null(desk.QuerySelector($"#alert-{other.Id:N}"));
        Assert.Equal(HttpStatusCode.NotFound, (await head.GetAsync(new Uri($"/alerts/{other.Id}", UriKind.Relative))).StatusCode);
        foreach (string handler in new[] { "Acknowledge", "Unacknowledge", "Assign", "Note", "Silence" })
        {
            HttpResponseMessage refused = await PagesHub.PostAsync(head, desk, $"/alerts/{other.Id}?handler={handler}", new() { ["text"] = "x", ["reach"] = "Kind", ["hours"] = "1", ["reason"] = "x" });
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await PagesHub.PostAsync(head, desk, "/alerts?handler=Acknowledge", new() { ["id"] = other.Id.ToString() })).StatusCode);
        HttpResponseMessage taken = await PagesHub.PostAsync(head, desk, "/alerts?handler=Acknowledge", new() { ["id"] = own.Id.ToString() });
        Assert.Equal("/alerts", taken.Headers.Location!.OriginalString);

        // Silence: neither the county, nor another school, nor a room that is not there.
        foreach (Dictionary<string, string> fields in new Dictionary<string, string>[]
        {
            new() { ["school"] = "county", ["kind"] = nameof(AlertKind.Offline), ["hours"] = "1", ["reason"] = "x" },
            new() { ["school"] = other.SchoolId!.Value.ToString(), ["hours"] = "1", ["reason"] = "x" },
        })
        {
            HttpResponseMessage denied = await PagesHub.PostAsync(head, desk, "/alerts/silences", fields);
            Assert.StartsWith("/denied", denied.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        }

        HttpResponseMessage rules = await PagesHub.PostAsync(head, desk, "/alerts/rules", new() { ["rules[0].Kind"] = nameof(AlertKind.DiskFailing) });
        Assert.StartsWith("/denied", rules.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        using HttpClient admin = await hub.SignedInAsync("admin"); // sees, but it is not an administrator's business
        IHtmlDocument seen = await PagesHub.PageAsync(admin, $"/alerts/{other.Id}");
        Assert.Null(seen.QuerySelector("#note"));
        HttpResponseMessage not = await PagesHub.PostAsync(admin, await PagesHub.PageAsync(admin, "/alerts/rules"), $"/alerts/{other.Id}?handler=Acknowledge", []);
        Assert.StartsWith("/denied", not.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_IsShown_WithWhoAndUntilWhen_AndIsLifted()
    {
        (Alert alert, string room) = await FaultAsync("石门镇初级中学");
        using HttpClient county = await hub.SignedInAsync("county");
        string address = $"/alerts/{alert.Id}";
        IHtmlDocument page = await PagesHub.PageAsync(county, address);
        foreach ((string hours, string reason) in new[] { ("5", "x"), ("4", " ") })
        {
            HttpResponseMessage refused = await PagesHub.PostAsync(county, page, address + "?handler=Silence", new() { ["reach"] = "Room", ["hours"] = hours, ["reason"] = reason });
            Assert.NotNull((await PagesHub.ReadAsync(refused)).QuerySelector("[role=alert]"));
        }

        await PagesHub.PostAsync(county, page, address + "?handler=Silence", new() { ["reach"] = "Room", ["hours"] = "4", ["reason"] = "施工停电" });
        Assert.Equal(AlertMute.Silenced, (await AlertAsync(alert.Id)).Mute);
        Assert.Contains("已静音", (await PagesHub.PageAsync(county, "/alerts?tab=Silenced")).QuerySelector($"#alert-{alert.Id:N}")!.TextContent, StringComparison.Ordinal);
        IHtmlDocument silences = await PagesHub.PageAsync(county, "/alerts/silences");
        AngleSharp.Dom.IElement line = silences.QuerySelectorAll(".silences li").Single(l => l.TextContent.Contains(room, StringComparison.Ordinal));
        Assert.Contains("施工停电", line.TextContent, StringComparison.Ordinal);
        await PagesHub.PostAsync(county, silences, "/alerts/silences?handler=Lift", new() { ["id"] = line.QuerySelector("input[name=id]")!.GetAttribute("value")! });
        Assert.Equal(AlertMute.None, (await AlertAsync(alert.Id)).Mute);
        Assert.Contains("解除", (await PagesHub.PageAsync(county, "/alerts/silences")).QuerySelector(".silences.is-past")!.TextContent, StringComparison.Ordinal);

        // Everything in the whole county at once is nobody's to silence, nor is nothing in particular: said on the page, and what was typed stays.
        foreach ((string place, string said) in new[] { ("county", "选一种告警"), ("", "先选择静音的范围") })
        {
            HttpResponseMessage refused = await PagesHub.PostAsync(county, silences, "/alerts/silences", new() { ["school"] = place, ["hours"] = "24", ["reason"] = "县里统一检修" });
            Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
            IHtmlDocument again = await PagesHub.ReadAsync(refused);
            Assert.Contains(said, again.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
            Assert.Equal("县里统一检修", again.GetElementById("reason")!.GetAttribute("value"));
            Assert.Equal("24", again.QuerySelector("#hours option[selected]")!.GetAttribute("value"));
        }
    }

    [Fact]
    public async Task AlertThatNoChannelTakes_SaysSoInItsDiary_AndWhoAddsOne()
    {
        (Alert alert, _) = await FaultAsync("沙河乡红柳小学");
        await hub.WithAsync(async db =>
        {
            db.Add(new AlertEvent { AlertId = alert.Id, At = alert.StartsAt, Kind = AlertEventKind.ToldNobody, Severity = alert.Severity, Notice = NoticeKind.Firing });
            return await db.SaveChangesAsync();
        });
        using HttpClient county = await hub.SignedInAsync("county");
        IElement said = (await PagesHub.PageAsync(county, $"/alerts/{alert.Id}")).QuerySelectorAll(".diary li").Single(l => l.TextContent.Contains("没有告诉任何人", StringComparison.Ordinal));
        Assert.NotNull(said.QuerySelector("a[href='/alerts/channels']"));
    }

    [Fact]
    public async Task ARuleSwitchedOff_IsSaidPlainly_AndCanBeTakenBack()
    {
        (Alert alert, _) = await FaultAsync("石门镇中心小学");
        using HttpClient county = await hub.SignedInAsync("county");
        IHtmlDocument page = await PagesHub.PageAsync(county, "/alerts/rules");
        Dictionary<string, string> fields = new() { ["rules[0].Kind"] = nameof(AlertKind.DiskFailing), ["rules[0].InClass"] = "Critical", ["rules[0].Minutes"] = "5" };
        IHtmlDocument saved = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/alerts/rules", fields));
        Assert.Contains("硬盘将坏", saved.QuerySelector(".rules-saved")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(AlertEnding.RuleOff, (await AlertAsync(alert.Id)).Ending);
        AlertRule rule = await hub.WithAsync(db => db.Set<AlertRule>().AsNoTracking().SingleAsync(r => r.Kind == AlertKind.DiskFailing));
        Assert.Equal((false, AlertSeverity.Critical, TimeSpan.FromMinutes(5)), (rule.On, rule.InClass, rule.MinimumDuration));

        Dictionary<string, string> undo = saved.QuerySelectorAll(".rules-saved form input[name^=rules]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        await PagesHub.PostAsync(county, saved, "/alerts/rules", undo);
        Assert.False(await hub.WithAsync(db => db.Set<AlertRule>().AnyAsync()));
        await Loop.RefreshAsync(CancellationToken.None);
        Assert.True(await hub.WithAsync(db => db.Set<Alert>().AnyAsync(a => a.DeviceId == alert.DeviceId && a.EndsAt == null))); // what is wrong is an alert again
        Assert.True(await hub.WithAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == AuditAction.SetAlertRule)) >= 2);
    }

    private static int Waiting(IHtmlDocument desk) => int.Parse(desk.QuerySelector("[data-waiting]")!.GetAttribute("data-waiting")!, System.Globalization.CultureInfo.InvariantCulture);

    private Task<Alert> AlertAsync(Guid id) => hub.WithAsync(db => db.Set<Alert>().AsNoTracking().SingleAsync(a => a.Id == id));

    /// <summary>A device whose disk says that it fails: a warning at any hour, raised at once.</summary>
    private async Task<(Alert Alert, string Room)> FaultAsync(string schoolName)
    {
        string id = "agt-" + Guid.NewGuid().ToString("N")[..12], room = "试验教室" + id[4..10];
        await hub.WithAsync(async db =>
        {
            Guid school = (await db.Set<School>().SingleAsync(s => s.Name == schoolName)).Id;
            var made = new Classroom { Id = Guid.NewGuid(), SchoolId = school, Name = room, Equipment = DeviceRole.Receiving };
            db.Add(made);
            db.Add(new Device { Id = id, ClassroomId = made.Id, Role = DeviceRole.Receiving, MachineName = "room-pc", EnrolledAt = DateTimeOffset.UtcNow.AddDays(-3) });
            return await db.SaveChangesAsync();
        });
        await hub.Services.GetRequiredService<HealthLoop>().RefreshAsync(CancellationToken.None);
        Fleet.OnBlind(false, DateTimeOffset.UtcNow);
        Guid boot = Guid.NewGuid();
        Fleet.OnState(id, HealthScene.State(true, boot, Guid.NewGuid(), DateTimeOffset.UtcNow), false);
        Fleet.OnMetrics(id, HealthScene.Readings(boot, 1, DateTimeOffset.UtcNow));
        PartReport disk = HealthScene.Part(PartKind.Disk, PartStatus.Failed, FaultKind.DiskFailing);
        Fleet.OnHardware(id, new HardwareReport(boot, 1, DateTimeOffset.UtcNow, "0.2.0", "Debian 12", "N100", "N100", 4, 8L << 30, [disk]), false);
        await Loop.RefreshAsync(CancellationToken.None);
        return (await hub.WithAsync(db => db.Set<Alert>().AsNoTracking().SingleAsync(a => a.DeviceId == id && a.Kind == AlertKind.DiskFailing)), room);
    }
}
