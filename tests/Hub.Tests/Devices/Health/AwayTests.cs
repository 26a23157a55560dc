using System.IO.Compression;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Fleet.Away;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Tests.Pages;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

/// <summary>Devices that were away for two school days and more.</summary>
public sealed class AwayTests(PagesHub hub) : IClassFixture<PagesHub>
{
    private static readonly DateTimeOffset Monday = new(2026, 9, 7, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Lessons from 08:00 to 16:00 of Monday, Tuesday and the Monday after: a holiday in between.</summary>
    private static readonly SchoolDay[] Days = [.. new[] { 0, 1, 7 }.Select(d => new SchoolDay(Monday.AddDays(d).AddHours(8), Monday.AddDays(d).AddHours(16)))];

    [Theory]
    [InlineData(7, 40, 2)] // heard before Monday's first lesson, Tuesday is over
    [InlineData(9, 40, 1)] // heard on Monday: only Tuesday is missed
    [InlineData(7, 39, 1)] // Tuesday is not over
    [InlineData(41, 170, 0)] // holidays do not count
    [InlineData(7, 200, 3)]
    public void WholeSchoolDaysCount_AndNoOthers(int heardHour, int nowHour, int missed) =>
        Assert.Equal(missed, SchoolDay.Missed(Days, Monday.AddHours(heardHour), Monday.AddHours(nowHour)));

    [Fact]
    public async Task DeviceThatIsAway_IsListedWithItsDays_ForThoseWhoseItIs_AndGoesWhenItIsBack()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        (string away, string awayRoom) = await DeviceAsync("石门镇中心小学", now.AddDays(-9));
        (string own, string ownRoom) = await DeviceAsync("清川县城关实验小学", now.AddDays(-4));
        (_, string shortRoom) = await DeviceAsync("石门镇中心小学", now.AddHours(-20));
        await LessonsAsync("石门镇中心小学", [.. Enumerable.Range(1, 3).Select(d => now.AddDays(-d - 1))]);
        await hub.Services.GetRequiredService<HealthLoop>().RefreshAsync(CancellationToken.None);
        hub.Services.GetRequiredService<FleetHealth>().OnBlind(false, now);

        using HttpClient county = await hub.SignedInAsync("county");
        IHtmlDocument page = await PagesHub.PageAsync(county, "/devices/away");
        string row = page.QuerySelectorAll(".away tbody tr").Single(r => r.TextContent.Contains(awayRoom, StringComparison.Ordinal)).TextContent;
        Assert.Contains("石门镇中心小学", row, StringComparison.Ordinal);
        Assert.Equal("3", page.QuerySelectorAll(".away tbody tr").Single(r => r.TextContent.Contains(awayRoom, StringComparison.Ordinal)).QuerySelector(".num")!.TextContent);
        Assert.NotNull(page.QuerySelector($".away a[href='/devices/{away}']"));
        Assert.DoesNotContain(shortRoom, page.Body!.TextContent, StringComparison.Ordinal);
        using HttpResponseMessage file = await county.GetAsync(new Uri("/devices/away?handler=Workbook", UriKind.Relative));
        using var zip = new ZipArchive(await file.Content.ReadAsStreamAsync());
        using var sheet = new StreamReader(zip.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        Assert.Contains(away, await sheet.ReadToEndAsync(), StringComparison.Ordinal);

        using HttpClient head = await hub.SignedInAsync("head");
        string seen = (await PagesHub.PageAsync(head, "/devices/away")).Body!.TextContent;
        Assert.Contains(ownRoom, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(awayRoom, seen, StringComparison.Ordinal);

        Guid boot = Guid.NewGuid();
        hub.Services.GetRequiredService<FleetHealth>().OnState(own, HealthScene.State(true, boot, Guid.NewGuid(), now), false);
        hub.Services.GetRequiredService<FleetHealth>().OnMetrics(own, HealthScene.Readings(boot, 1, now));
        IHtmlDocument empty = await PagesHub.PageAsync(head, "/devices/away");
        Assert.NotNull(empty.QuerySelector(".empty-state h2"));
        Assert.DoesNotContain(ownRoom, empty.Body!.TextContent, StringComparison.Ordinal);
    }

    private async Task<(string Id, string Room)> DeviceAsync(string schoolName, DateTimeOffset heard)
    {
        string id = "agt-" + Guid.NewGuid().ToString("N")[..12], name = "离线教室" + id[4..10];
        await hub.WithAsync(async db =>
        {
            Guid school = (await db.Set<School>().SingleAsync(s => s.Name == schoolName)).Id;
            var room = new Classroom { Id = Guid.NewGuid(), SchoolId = school, Name = name, Equipment = DeviceRole.Receiving };
            db.Add(room);
            db.Add(new Device { Id = id, ClassroomId = room.Id, Role = DeviceRole.Receiving, MachineName = "room-pc", EnrolledAt = heard.AddDays(-30) });
            db.Add(new DeviceReport { DeviceId = id, HeardAt = heard, DownAt = heard });
            return await db.SaveChangesAsync();
        });
        return (id, name);
    }

    private Task LessonsAsync(string schoolName, IReadOnlyList<DateTimeOffset> starts) => hub.WithAsync(async db =>
    {
        Guid school = (await db.Set<School>().SingleAsync(s => s.Name == schoolName)).Id;
        var teacher = new Teacher { Id = Guid.NewGuid(), SchoolId = school, Name = "李老师" };
        db.Add(teacher);
        foreach (DateTimeOffset start in starts)
        {
            db.Add(new Occurrence
            {
                Id = Guid.CreateVersion7(),
                Mode = LessonMode.Dedicated,
                Subject = "英语",
                Topic = "Unit 1",
                LecturerId = teacher.Id,
                StartsAt = start,
                EndsAt = start.AddMinutes(1),
                StandardPeriod = TimeSpan.FromMinutes(40),
                FiledAt = start.AddDays(-30),
                Phase = LessonPhase.Missed,
            });
        }

        return await db.SaveChangesAsync();
    });
}
