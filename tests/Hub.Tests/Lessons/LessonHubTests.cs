using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Lessons;

/// <summary>Lessons over a real SignalR connection to the whole hub.</summary>
public sealed class LessonHubTests
{
    [Fact]
    public async Task LessonByTimetable_IsTaughtJudgedAndCredited()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        LessonScene.Client main = await scene.MainDeviceAsync(), town = await scene.TownDeviceAsync(), point = await scene.PointDeviceAsync();
        foreach (LessonScene.Client client in new[] { main, town, point })
        {
            Assert.Equal(LessonAccess.Classroom, (await client.JoinAsync()).Value!.Access);
        }

        scene.Publishes(StreamIds.HostCamera);
        scene.To(TimeSpan.Zero);
        await scene.ReachesAsync(LessonPhase.Live);
        scene.Flows(0, 90, null, "r1", "r2");
        RecordChain atTown = new(), atPoint = new();
        (string townToken, string pointToken) = (await scene.TownTokenAsync(), await scene.PointTokenAsync());
        for (int second = 0; second < 90; second += 5)
        {
            scene.To(TimeSpan.FromSeconds(second + 5));
            Assert.Null(await town.DoAsync(LessonHubNames.ReportReception, (object)new[] { scene.Report(second, second + 5) }));
            atTown.Add(RecordTypes.Reception, scene.Reception("r1", second, second + 5), scene.Host.Time.Now);
            atPoint.Add(RecordTypes.Reception, scene.Reception("r2", second, second + 5), scene.Host.Time.Now);
        }

        await scene.HandInAsync(townToken, atTown);
        await scene.HandInAsync(pointToken, atPoint);

        await scene.ReachesAsync(LessonPhase.Ended);
        scene.To(TimeSpan.FromSeconds(100));
        await scene.ReachesAsync(LessonPhase.Judged);
        StoredJudgement judgement = await scene.DbAsync(db => db.Set<StoredJudgement>().SingleAsync(j => j.OccurrenceId == scene.LessonId));
        Assert.Equal(JudgementStatus.Valid, judgement.Status);
        Assert.Equal(TimeSpan.FromSeconds(90), judgement.Effective);
        Assert.InRange((judgement.EffectiveByHub - judgement.EffectiveByAgents).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        List<LedgerEntry> ledger = await scene.DbAsync(db => db.Set<LedgerEntry>().Where(e => e.OccurrenceId == scene.LessonId).ToListAsync());
        Assert.Equal(1.50m, Assert.Single(ledger, e => e.Role == CreditRole.Lecturer).Hours);
        Assert.Equal([1.00m, 1.00m], ledger.Where(e => e.Role == CreditRole.Assistant).Select(e => e.Hours));
        scene.To(TimeSpan.FromSeconds(101));
        await main.SeesAsync(s => s.Phase == LessonPhase.Judged, "judged is shown");
    }

    [Fact]
    public async Task Lecturer_StartsGivesAndTakesTheFloor_ExtendsAndStops()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(inBell: TimeSpan.FromMinutes(55)); // nothing follows in these rooms this morning
        scene.To(TimeSpan.FromMinutes(-5));
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan"), town = await scene.TownDeviceAsync(), assistant = await scene.SignInAsync("suxiaohong");
        JoinedLesson joined = (await lecturer.JoinAsync()).Value!;
        Assert.Equal((LessonAccess.Lecturer, "host", LessonPhase.Ready), (joined.Access, joined.SeatId, joined.Snapshot.Phase));
        await town.JoinAsync();
        Assert.Equal("r1", (await assistant.JoinAsync()).Value!.SeatId);

        Assert.Null(await lecturer.DoAsync(LessonHubNames.Start));
        Assert.Null(await assistant.DoAsync(LessonHubNames.RaiseHand, true));
        scene.To(TimeSpan.FromSeconds(1));
        await lecturer.SeesAsync(s => s.Seats[1].HandRaisedAt is not null, "a raised hand");
        Assert.Null(await lecturer.DoAsync(LessonHubNames.GrantFloor, "r1"));
        Assert.Equal(LessonRefusal.UnknownSeat, await lecturer.DoAsync(LessonHubNames.GrantFloor, "r7"));
        scene.To(TimeSpan.FromSeconds(2));
        await town.SeesAsync(s => s is { FloorSeat: "r1" } && s.Seats[1].HandRaisedAt is null, "the floor");
        Assert.Null(await lecturer.DoAsync(LessonHubNames.TakeFloor));
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Extend));
        scene.To(TimeSpan.FromSeconds(3));
        await town.SeesAsync(s => s.FloorSeat is null && s.EndsAt == scene.Bell.AddSeconds(90).AddMinutes(5), "the extension");
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Say, "请翻到第32页"));
        await LessonScene.EventuallyAsync(() => Task.FromResult(town.Chat.Any(c => c.Text == "请翻到第32页" && c.Author == "王秀兰")), "the chat line");
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Stop));
        await scene.ReachesAsync(LessonPhase.Ended);
        List<LessonFactKind> timeline = await scene.DbAsync(db =>
            db.Set<LessonEvent>().Where(e => e.LessonId == scene.LessonId).OrderBy(e => e.Sequence).Select(e => e.Kind).ToListAsync());
        LessonFactKind[] expected =
        [
            LessonFactKind.Opened, LessonFactKind.Started, LessonFactKind.HandRaised, LessonFactKind.FloorGranted, LessonFactKind.FloorTaken,
            LessonFactKind.Extended, LessonFactKind.Ended,
        ];
        Assert.Equal(expected, timeline.Where(expected.Contains));
    }

    [Fact]
    public async Task EverybodyElse_IsKeptToTheirSeat()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(inBell: TimeSpan.FromMinutes(5));
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan"), town = await scene.TownDeviceAsync();
        await lecturer.JoinAsync();
        await town.JoinAsync();
        foreach (string command in new[] { LessonHubNames.Start, LessonHubNames.Stop, LessonHubNames.Extend, LessonHubNames.TakeFloor })
        {
            Assert.Equal(LessonRefusal.NotAllowed, await town.DoAsync(command));
        }

        Assert.Equal(LessonRefusal.NotAllowed, await town.DoAsync(LessonHubNames.GrantFloor, "r1"));
        Assert.Equal(LessonRefusal.NotAllowed, await town.DoAsync(LessonHubNames.Mute, "r2", true));
        Assert.Equal(LessonRefusal.NotAllowed, (await town.TicketAsync("host-camera", MediaDirection.Publish)).Refusal);
        Assert.Equal(LessonRefusal.NotAllowed, (await town.TicketAsync("r2-camera", MediaDirection.Publish)).Refusal);
        Assert.Equal(LessonRefusal.UnknownStream, (await town.TicketAsync("r9-camera", MediaDirection.Watch)).Refusal);
        Assert.NotNull((await town.TicketAsync("r1-camera", MediaDirection.Publish)).Value);
        Assert.NotNull((await town.TicketAsync("host-camera", MediaDirection.Watch)).Value);
        Assert.NotNull((await lecturer.TicketAsync("host-screen", MediaDirection.Publish)).Value);

        // Another school's device, another teacher, the system administrator have no business here.
        LessonScene.Client foreign = await scene.DeviceAsync("石门镇中心小学", "同步教室", DeviceRole.Receiving);
        foreach (LessonScene.Client stranger in new[] { foreign, await scene.SignInAsync("mawenbin"), await scene.SignInAsync("admin") })
        {
            Assert.Equal(LessonRefusal.NotAllowed, (await stranger.JoinAsync()).Refusal);
            Assert.Equal(LessonRefusal.UnknownLesson, await stranger.DoAsync(LessonHubNames.Stop));
        }
    }

    [Fact]
    public async Task Observer_LooksOnSilently_AndIsInTheAuditTrail()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(inBell: TimeSpan.FromMinutes(5));
        foreach (string login in new[] { "inspector", "county", "credit", "head", "head-baiyang" })
        {
            LessonScene.Client observer = await scene.SignInAsync(login);
            Assert.Equal(LessonAccess.Observer, (await observer.JoinAsync()).Value!.Access);
            Assert.Equal(LessonRefusal.NotAllowed, await observer.DoAsync(LessonHubNames.Say, "hello"));
            Assert.Equal(LessonRefusal.NotAllowed, await observer.DoAsync(LessonHubNames.Mute, "r1", true));
            Assert.Equal(LessonRefusal.NotAllowed, (await observer.TicketAsync("host-camera", MediaDirection.Publish)).Refusal);
            Assert.NotNull((await observer.TicketAsync("r1-camera", MediaDirection.Watch)).Value);
        }

        Assert.Equal(5, await scene.DbAsync(db => db.Set<AuditEntry>().CountAsync(a =>
            a.Action == AuditAction.WatchedLesson && a.Subject == scene.LessonId.ToString())));
    }

    [Fact]
    public async Task Mute_SurvivesReconnecting_AndTheLecturerCannotOpenIt()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(inBell: TimeSpan.FromMinutes(5));
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan"), town = await scene.TownDeviceAsync();
        await lecturer.JoinAsync();
        await town.JoinAsync();
        Assert.Null(await town.DoAsync(LessonHubNames.Mute, "r1", true));
        await town.DisposeAsync();

        // The hub hears of it whenever it hears of it, and tells at most every 200 ms of its own clock: time goes on while it is waited for.
        await LessonScene.EventuallyAsync(
            () =>
            {
                scene.Host.Time.Advance(TimeSpan.FromMilliseconds(20));
                return Task.FromResult(lecturer.Snapshots.Any(s => s.Seats[1] is { Online: false, Muted: true }));
            }, "gone, still muted");
        LessonScene.Client again = await scene.TownDeviceAsync();
        Assert.True((await again.JoinAsync()).Value!.Snapshot.Seats[1] is { Online: true, Muted: true });
        Assert.Equal(LessonRefusal.NotAllowed, await lecturer.DoAsync(LessonHubNames.Mute, "r1", false));
    }

    [Fact]
    public async Task WhoSeesAndHearsMe_FollowsTheReports()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan"), town = await scene.TownDeviceAsync();
        await lecturer.JoinAsync();
        await town.JoinAsync();
        scene.Publishes(StreamIds.HostCamera);
        scene.To(TimeSpan.Zero);
        await scene.ReachesAsync(LessonPhase.Live);
        scene.To(TimeSpan.FromSeconds(5));
        await town.DoAsync(LessonHubNames.ReportReception, (object)new[] { scene.Report(0, 5) });
        scene.To(TimeSpan.FromSeconds(6));
        await lecturer.SeesAsync(s => s.Seats[1] is { Sees: true, Hears: true, Reception: not null }, "seen and heard");
        scene.To(TimeSpan.FromSeconds(10));
        await town.DoAsync(LessonHubNames.ReportReception, (object)new[] { scene.Report(5, 10, fps: 25, black: true, sound: -85) });
        scene.To(TimeSpan.FromSeconds(11));
        await lecturer.SeesAsync(s => s.Seats[1] is { Sees: false, Hears: false }, "black and silent");
        Assert.Equal(320, (await scene.DbAsync(db => db.Set<LessonEvent>().SingleAsync(e => e.Kind == LessonFactKind.FirstPicture))).Number);

        // The bad stretch is evidence too, as soon as the device hands it in.
        var chain = new RecordChain();
        chain.Add(RecordTypes.Reception, scene.Reception("r1", 5, 10, black: true), scene.Host.Time.Now);
        await scene.HandInAsync(await scene.TownTokenAsync(), chain);
        Assert.False((await scene.DbAsync(db => db.Set<EvidenceInterval>().SingleAsync(i => i.Source == EvidenceSource.Agent))).Good);
    }

    [Fact]
    public async Task Chat_IsLimitedInLengthAndNumber()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(inBell: TimeSpan.FromMinutes(5));
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan");
        await lecturer.JoinAsync();
        Assert.Equal(LessonRefusal.TextTooLong, await lecturer.DoAsync(LessonHubNames.Say, new string('长', 501)));
        Assert.Equal(LessonRefusal.TextTooLong, await lecturer.DoAsync(LessonHubNames.Say, "  "));
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(await lecturer.DoAsync(LessonHubNames.Say, $"第{i}句"));
        }

        Assert.Equal(LessonRefusal.TooOften, await lecturer.DoAsync(LessonHubNames.Say, "太快了"));
        scene.To(TimeSpan.FromMinutes(-3));
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Say, "好了"));
    }

    [Fact]
    public async Task NobodyStarts_BecomesMissed_WithoutCredit()
    {
        await using LessonScene scene = await LessonScene.CreateAsync();
        scene.To(TimeSpan.FromSeconds(91));
        await scene.ReachesAsync(LessonPhase.Missed);
        await LessonScene.EventuallyAsync(
            () => scene.DbAsync(db => db.Set<StoredJudgement>().AnyAsync(j => j.OccurrenceId == scene.LessonId && j.Status == JudgementStatus.Missed)), "judged");
        Assert.Empty(await scene.DbAsync(db => db.Set<LedgerEntry>().ToListAsync()));
    }

    [Fact]
    public async Task Cancelled_IsTold_AndEarnsNothing()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(inBell: TimeSpan.FromMinutes(5));
        LessonScene.Client town = await scene.TownDeviceAsync();
        await town.JoinAsync();
        var told = new TaskCompletionSource();
        using IDisposable subscription = Microsoft.AspNetCore.SignalR.Client.HubConnectionExtensions.On(
            town.Connection, LessonHubNames.TimetableChanged, told.SetResult);
        Assert.Null(await scene.CancelAsync("全镇停电"));
        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await LessonScene.EventuallyAsync(
            () => scene.DbAsync(db => db.Set<StoredJudgement>().AnyAsync(j => j.Status == JudgementStatus.Cancelled)), "judged");
        Assert.Contains(LessonFactKind.Cancelled, await scene.DbAsync(db => db.Set<LessonEvent>().Select(e => e.Kind).ToListAsync()));
    }
}
