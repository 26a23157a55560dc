using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Hosting;

namespace ThreeClassrooms.Hub.Tests.Devices;

public sealed class DeviceTimetableTests(HubHost host) : IClassFixture<HubHost>
{
    private readonly DeviceScene _scene = new(host);

    [Fact]
    public async Task Device_SeesItsOwnSeatsOnly()
    {
        Guid main = await _scene.RoomAsync(), receiving = await _scene.RoomAsync(), elsewhere = await _scene.RoomAsync();
        Guid lesson = await _scene.LessonAsync(main, receiving, TimeSpan.FromHours(1));
        await _scene.LessonAsync(elsewhere, main, TimeSpan.FromHours(3)); // the main room listens: not its main device's lesson
        await _scene.LessonAsync(main, elsewhere, TimeSpan.FromHours(5), LessonPhase.Cancelled);

        DeviceTimetable own = await _scene.TimetableAsync(await _scene.TokenAsync(await _scene.EnrolAsync(receiving)));
        DeviceTimetable hosting = await _scene.TimetableAsync(await _scene.TokenAsync(await _scene.EnrolAsync(main, DeviceRole.Main)));

        DeviceOccurrence seat = Assert.Single(own.Occurrences);
        Assert.Equal((lesson, "r1", SeatRole.Receiving, "王秀兰", "三年级教室"), (seat.LessonId, seat.SeatId, seat.Role, seat.Lecturer, seat.HostRoom));
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2), "Asia/Shanghai"), (own.OpenBefore, own.JoinBefore, own.TimeZone));
        Assert.Equal([("host", LessonPhase.Planned), ("host", LessonPhase.Cancelled)], hosting.Occurrences.Select(o => (o.SeatId, o.Phase)));
    }

    [Fact]
    public async Task Window_IsFromAnHourAgoToFourteenDaysAhead()
    {
        Guid main = await _scene.RoomAsync(), room = await _scene.RoomAsync();
        string token = await _scene.TokenAsync(await _scene.EnrolAsync(room));
        await _scene.LessonAsync(main, room, TimeSpan.FromMinutes(-101)); // ended 61 minutes ago
        Guid over = await _scene.LessonAsync(main, room, TimeSpan.FromMinutes(-60), LessonPhase.Ended);
        Guid running = await _scene.LessonAsync(main, room, TimeSpan.FromMinutes(-10), LessonPhase.Live);
        Guid last = await _scene.LessonAsync(main, room, TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        await _scene.LessonAsync(main, room, TimeSpan.FromDays(15));

        DeviceTimetable timetable = await _scene.TimetableAsync(token);
        Assert.Equal([over, running, last], timetable.Occurrences.Select(o => o.LessonId));
    }

    [Fact]
    public async Task LessonThatStillRuns_HoursAfterItsPlannedEnd_StaysInTheList()
    {
        Guid main = await _scene.RoomAsync(), room = await _scene.RoomAsync();
        await host.WithAsync<IServiceProvider, int>(async services =>
        {
            // Never committed: the hub itself, which ends lessons that overrun, does not get to see it.
            var db = services.GetRequiredService<HubDbContext>();
            await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync();
            Guid overrun = await DeviceScene.AddLessonAsync(db, main, room, host.Time.Now.AddMinutes(-200), LessonPhase.Live);
            await DeviceScene.AddLessonAsync(db, main, room, host.Time.Now.AddMinutes(-150), LessonPhase.Ended);
            DeviceTimetable timetable = await services.GetRequiredService<DeviceTimetables>().ReadAsync(new DeviceCaller("d", room, DeviceRole.Receiving), CancellationToken.None);
            Assert.Equal([overrun], timetable.Occurrences.Select(o => o.LessonId));
            return 0;
        });
    }

    [Fact]
    public async Task SameLessons_HaveTheSameTag_AndAnswer304WithTheHubsTime()
    {
        Guid main = await _scene.RoomAsync(), room = await _scene.RoomAsync();
        await _scene.LessonAsync(main, room, TimeSpan.FromHours(1));
        string token = await _scene.TokenAsync(await _scene.EnrolAsync(room));
        using HttpResponseMessage first = await _scene.GetAsync(DeviceApi.Timetable, token);
        string tag = first.Headers.ETag!.ToString();
        host.Time.Advance(TimeSpan.FromSeconds(30));
        using HttpResponseMessage same = await _scene.GetAsync(DeviceApi.Timetable, token, $"\"other\", {tag}");
        Guid added = await _scene.LessonAsync(main, room, TimeSpan.FromHours(4));
        using HttpResponseMessage changed = await _scene.GetAsync(DeviceApi.Timetable, token, tag);

        Assert.False(first.Headers.ETag.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(tag, same.Headers.ETag!.ToString());
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());
        Assert.Equal(host.Time.Now, DateTimeOffset.Parse(same.Headers.GetValues(DeviceEndpoints.HubTimeHeader).Single(), CultureInfo.InvariantCulture));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag!.ToString());
        Assert.Contains(added.ToString(), await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_SpeaksInCamelCaseWords()
    {
        Guid main = await _scene.RoomAsync(), room = await _scene.RoomAsync();
        await _scene.LessonAsync(main, room, TimeSpan.FromHours(1));
        using HttpResponseMessage answer = await _scene.GetAsync(DeviceApi.Timetable, await _scene.TokenAsync(await _scene.EnrolAsync(room)));
        string json = await answer.Content.ReadAsStringAsync();
        Assert.Contains("\"role\":\"receiving\"", json, StringComparison.Ordinal);
        Assert.Contains("\"mode\":\"dedicated\"", json, StringComparison.Ordinal);
        Assert.Contains("\"openBefore\":\"00:10:00\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAToken_NothingIsTold()
    {
        using HttpResponseMessage answer = await _scene.GetAsync(DeviceApi.Timetable, token: null);
        Assert.Equal((HttpStatusCode.Unauthorized, ErrorCodes.BadCredentials), (answer.StatusCode, await DeviceScene.CodeOfAsync(answer)));
    }
}
