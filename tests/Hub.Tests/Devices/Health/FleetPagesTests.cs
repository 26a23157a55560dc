using System.Globalization;
using System.IO.Compression;
using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Tests.Pages;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

/// <summary>What staff see of devices, and what they may do to them.</summary>
public sealed class FleetPagesTests(PagesHub hub) : IClassFixture<PagesHub>
{
    private FleetHealth Fleet => hub.Services.GetRequiredService<FleetHealth>();

    [Fact]
    public async Task Board_SaysPlainly_ThatTheHubDoesNotSee()
    {
        using HttpClient county = await hub.SignedInAsync("county");
        IHtmlDocument page = await PagesHub.PageAsync(county, "/devices");
        Assert.NotNull(page.QuerySelector(".watch-note[role=status]")); // no broker runs here
    }

    [Fact]
    public async Task ADeviceThatDies_StandsOnTheBoard_WithItsReason()
    {
        (string id, string school, _) = await DeviceAsync("石门镇中心小学");
        Fleet.OnBlind(false, DateTimeOffset.UtcNow);
        Guid boot = Guid.NewGuid(), connection = Guid.NewGuid();
        Fleet.OnState(id, HealthScene.State(true, boot, connection, DateTimeOffset.UtcNow), false);
        Fleet.OnMetrics(id, HealthScene.Readings(boot, 1, DateTimeOffset.UtcNow));
        Fleet.OnHardware(id, new HardwareReport(boot, 1, DateTimeOffset.UtcNow, "0.2.0", "Debian 12", "N100", "N100", 4, 8L << 30, [HealthScene.Part(PartKind.Camera, PartStatus.Ok)]), false);
        using HttpClient county = await hub.SignedInAsync("county");
        Assert.Contains("state-healthy", (await PagesHub.PageAsync(county, $"/devices/{id}")).QuerySelector(".verdict")!.ClassName, StringComparison.Ordinal);
        Fleet.OnState(id, HealthScene.State(false, boot, connection, DateTimeOffset.UtcNow) with { Reason = "disabled" }, false); // nobody waits for it to come back
        IHtmlDocument page = await PagesHub.PageAsync(county, $"/devices/{id}");
        Assert.DoesNotContain("state-healthy", page.QuerySelector(".verdict")!.ClassName, StringComparison.Ordinal);
        Assert.Contains("断线", page.QuerySelector(".verdict-why")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("摄像头", page.QuerySelector(".parts")!.TextContent, StringComparison.Ordinal);
        IHtmlDocument board = await PagesHub.PageAsync(county, $"/devices?q={Uri.EscapeDataString(school)}");
        Assert.Contains(board.QuerySelectorAll(".room-row a"), a => a.GetAttribute("href") == $"/devices/{id}");

        // The issue is in the database at once: a crash would not lose it.
        Assert.True(await Eventually(() => hub.WithAsync(db => db.Set<DeviceIssue>().AnyAsync(i => i.DeviceId == id && i.Kind == IssueKind.Offline && i.ClearedAt == null))));
    }

    [Fact]
    public async Task AHead_SeesAndHandlesTheOwnSchoolsDevicesOnly()
    {
        (string own, _, _) = await DeviceAsync("清川县城关实验小学");
        (string other, _, _) = await DeviceAsync("白杨镇中心小学");
        using HttpClient head = await hub.SignedInAsync("head");
        IHtmlDocument board = await PagesHub.PageAsync(head, "/devices");
        List<string?> shown = [.. board.QuerySelectorAll(".room-row a").Select(a => a.GetAttribute("href"))];
        Assert.Contains($"/devices/{own}", shown);
        Assert.DoesNotContain($"/devices/{other}", shown);
        IHtmlDocument page = await PagesHub.PageAsync(head, $"/devices/{own}");
        Assert.Null(page.QuerySelector("#disable"));
        Assert.Equal(HttpStatusCode.NotFound, (await head.GetAsync(new Uri($"/devices/{other}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await head.GetAsync(new Uri($"/devices/{other}?handler=Readings&hours=24", UriKind.Relative))).StatusCode);
        foreach (string handler in new[] { "Absent", "Maintenance", "EndMaintenance", "Disable", "Enable" })
        {
            HttpResponseMessage refused = await PagesHub.PostAsync(head, page, $"/devices/{other}?handler={handler}", Window("x"));
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        HttpResponseMessage denied = await PagesHub.PostAsync(head, page, $"/devices/{own}?handler=Disable", []);
        Assert.StartsWith("/denied", denied.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Null((await hub.WithAsync(db => db.Set<Device>().SingleAsync(d => d.Id == own))).DisabledAt);
    }

    [Fact]
    public async Task Maintenance_AbsentParts_AndDisabling_CountAtOnce_AndAreAudited()
    {
        (string id, _, _) = await DeviceAsync("白杨镇中心小学");
        using HttpClient county = await hub.SignedInAsync("county");
        IHtmlDocument page = await PagesHub.PageAsync(county, $"/devices/{id}");
        HttpResponseMessage noReason = await PagesHub.PostAsync(county, page, $"/devices/{id}?handler=Maintenance", Window(" "));
        Assert.NotNull((await PagesHub.ReadAsync(noReason)).QuerySelector("[role=alert]"));
        await PagesHub.PostAsync(county, page, $"/devices/{id}?handler=Maintenance", Window("换摄像头"));
        Assert.Equal((HealthState.Maintenance, "换摄像头"), (Fleet.ViewOf(id)!.State, Fleet.ViewOf(id)!.Reason.Text));
        await PagesHub.PostAsync(county, page, $"/devices/{id}?handler=EndMaintenance", []);
        Assert.NotEqual(HealthState.Maintenance, Fleet.ViewOf(id)!.State);
        await PagesHub.PostAsync(county, page, $"/devices/{id}?handler=Absent", new() { ["absent"] = "Camera" });
        Assert.NotNull((await PagesHub.PageAsync(county, $"/devices/{id}")).QuerySelector("input[name=absent][value=Camera][checked]"));
        await PagesHub.PostAsync(county, page, $"/devices/{id}?handler=Disable", []);
        Assert.Equal(HealthState.Disabled, Fleet.ViewOf(id)!.State);
        await PagesHub.PostAsync(county, page, $"/devices/{id}?handler=Enable", []);
        Assert.NotEqual(HealthState.Disabled, Fleet.ViewOf(id)!.State);
        List<AuditAction> trail = await hub.WithAsync(db => db.Set<AuditEntry>().Where(e => e.Subject == id).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync());
        Assert.Equal(
            [AuditAction.BeganMaintenance, AuditAction.EndedMaintenance, AuditAction.DeclaredPartsAbsent, AuditAction.DisabledDevice, AuditAction.EnabledDevice], trail);
    }

    [Fact]
    public async Task AListOfRooms_IsCheckedFirst_AndAFaultyOneMakesNothing()
    {
        using HttpClient county = await hub.SignedInAsync("county");
        IHtmlDocument page = await PagesHub.PageAsync(county, "/devices/enrol");
        const string Good = "白杨镇中心小学,音乐教室\n石门镇中心小学,同步教室";
        int before = await CodesAsync();
        IHtmlDocument faulty = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/devices/enrol?handler=Check", new() { ["list"] = Good + "\n白杨小学,三楼" }));
        Assert.Single(faulty.QuerySelectorAll(".preview .tag.is-bad"));
        Assert.Null(faulty.QuerySelector("form[action*=Many]"));
        Assert.Empty((await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/devices/enrol?handler=Many", new() { ["list"] = Good + "\n白杨小学,三楼" }))).QuerySelectorAll(".slip"));
        Assert.Equal(before, await CodesAsync());

        IHtmlDocument good = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/devices/enrol?handler=Check", new() { ["list"] = Good }));
        Assert.NotNull(good.QuerySelector("form[action*=Many]"));
        IHtmlDocument sheet = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/devices/enrol?handler=Many", new() { ["list"] = Good }));
        Assert.Equal(2, sheet.QuerySelectorAll(".slip svg path").Length);
        Assert.All(sheet.QuerySelectorAll(".slip"), s => Assert.Contains(s.QuerySelector(".slip-code")!.TextContent, s.QuerySelector("code")!.TextContent, StringComparison.Ordinal));
        string[] list = Uri.UnescapeDataString(sheet.QuerySelector("a[download]")!.GetAttribute("href")!.Split(',', 2)[1]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(sheet.QuerySelectorAll(".slip-code").Select(c => c.TextContent), list[1..].Select(l => l.Split(',')[3]));
        Assert.Equal(before + 2, await CodesAsync());

        IHtmlDocument desk = await PagesHub.PageAsync(county, "/devices/enrol");
        string code = desk.QuerySelector(".open-codes input[name=code]")!.GetAttribute("value")!;
        await PagesHub.PostAsync(county, desk, "/devices/enrol?handler=Revoke", new() { ["code"] = code });
        Assert.DoesNotContain((await PagesHub.PageAsync(county, "/devices/enrol")).QuerySelectorAll(".open-codes input[name=code]"), i => i.GetAttribute("value") == code);

        Task<int> CodesAsync() => hub.WithAsync(db => db.Set<EnrolmentCode>().CountAsync());
    }

    [Fact]
    public async Task Uptime_ComesAsTableAndAsWorkbook()
    {
        (string id, string school, _) = await DeviceAsync("石门镇初级中学");
        await hub.WithAsync(async db =>
        {
            db.Add(new DeviceDay { DeviceId = id, Day = new DateOnly(2026, 5, 4), Up = 32400, Down = 3600, LessonUp = 4500, LessonDown = 500 });
            return await db.SaveChangesAsync();
        });
        using HttpClient county = await hub.SignedInAsync("county");
        IHtmlDocument page = await PagesHub.PageAsync(county, "/devices/uptime?month=2026-05");
        string row = page.QuerySelectorAll(".uptime tbody tr").Single(r => r.TextContent.Contains(school, StringComparison.Ordinal)).TextContent;
        Assert.Contains("90.0%", row, StringComparison.Ordinal);
        using HttpResponseMessage file = await county.GetAsync(new Uri("/devices/uptime?month=2026-05&handler=Workbook", UriKind.Relative));
        Assert.EndsWith(".sheet", file.Content.Headers.ContentType!.MediaType, StringComparison.Ordinal);
        using var zip = new ZipArchive(await file.Content.ReadAsStreamAsync());
        Assert.NotNull(zip.GetEntry("xl/worksheets/sheet2.xml"));
        using HttpClient head = await hub.SignedInAsync("head");
        Assert.DoesNotContain(school, (await PagesHub.PageAsync(head, "/devices/uptime?month=2026-05")).Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await PagesHub.PageAsync(county, "/devices/uptime?month=never")).QuerySelector("h1"));
    }

    /// <summary>The fields are in the county's time; a day either way of now covers every zone.</summary>
    private static Dictionary<string, string> Window(string reason) => new()
    {
        ["from"] = DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture),
        ["to"] = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture),
        ["reason"] = reason,
    };

    private static async Task<bool> Eventually(Func<Task<bool>> condition)
    {
        DateTime until = DateTime.UtcNow.AddSeconds(20);
        while (DateTime.UtcNow < until)
        {
            if (await condition())
            {
                return true;
            }

            await Task.Delay(20);
        }

        return false;
    }

    private async Task<(string Id, string School, Guid Room)> DeviceAsync(string schoolName)
    {
        string id = "agt-" + Guid.NewGuid().ToString("N")[..12];
        Classroom room = await hub.WithAsync(async db =>
        {
            Guid school = (await db.Set<School>().SingleAsync(s => s.Name == schoolName)).Id;
            var made = new Classroom { Id = Guid.NewGuid(), SchoolId = school, Name = "试验教室" + id[4..10], Equipment = DeviceRole.Receiving };
            db.Add(made);
            db.Add(new Device { Id = id, ClassroomId = made.Id, Role = DeviceRole.Receiving, MachineName = "room-pc", EnrolledAt = DateTimeOffset.UtcNow.AddDays(-3) });
            await db.SaveChangesAsync();
            return made;
        });
        await hub.Services.GetRequiredService<HealthLoop>().RefreshAsync(CancellationToken.None);
        return (id, schoolName, room.Id);
    }
}
