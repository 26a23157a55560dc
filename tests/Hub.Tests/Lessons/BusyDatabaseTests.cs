using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Tests.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Lessons;

/// <summary>Lessons while another process holds the database.</summary>
public sealed class BusyDatabaseTests
{
    private const int Lessons = 20;

    [Fact]
    public async Task FactCannotBeStored_LessonStaysWithItsConnections_AndIsStoredInOrderAfterwards()
    {
        await using LessonScene scene = await BusySceneAsync();
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan"), town = await scene.TownDeviceAsync();
        await lecturer.JoinAsync();
        await town.JoinAsync();
        await scene.ReachesAsync(LessonPhase.Ready);
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Start));
        await scene.PointTokenAsync(); // the device is known before the database is held
        await using (await BusyDatabase.HoldAsync(scene.Host))
        {
            Assert.Equal(LessonRefusal.Busy, await lecturer.DoAsync(LessonHubNames.Mute, "r1", true));
            Assert.Equal(LessonRefusal.Busy, await town.DoAsync(LessonHubNames.RaiseHand, true));

            // Somebody who comes meanwhile is let in and sees the lesson as it is.
            LessonScene.Client point = await scene.PointDeviceAsync();
            LessonSnapshot seen = (await point.JoinAsync()).Value!.Snapshot;
            Assert.Equal(LessonPhase.Live, seen.Phase);
            Assert.True(seen.Seats[1] is { Online: true, Muted: false, HandRaisedAt: null });
        }

        await LessonScene.EventuallyAsync(async () => (await KindsAsync(scene)).Contains(LessonFactKind.HandRaised), "the facts are stored");
        LessonFactKind[] inOrder = [LessonFactKind.Started, LessonFactKind.Muted, LessonFactKind.HandRaised];
        Assert.Equal(inOrder, (await KindsAsync(scene)).Where(inOrder.Contains));
        scene.To(TimeSpan.FromSeconds(1));
        await lecturer.SeesAsync(s => s.Seats[1] is { Online: true, Muted: true, HandRaisedAt: not null }, "what was stored");
        Assert.Null(await lecturer.DoAsync(LessonHubNames.GrantFloor, "r1"));
    }

    [Fact]
    public async Task TwentyLessonsEndAtOneBell_WhileTheDatabaseIsHeld_NoneIsForgotten_AllAreJudgedSoonAfter()
    {
        await using LessonScene scene = await BusySceneAsync(byTimetable: true);
        Guid[] others = await PlanAlikeAsync(scene, Lessons - 1);
        Guid[] all = [scene.LessonId, .. others];
        LessonScene.Client town = await scene.TownDeviceAsync();
        await town.JoinAsync();
        scene.To(TimeSpan.FromSeconds(-30));
        await LessonScene.EventuallyAsync(() => CountAsync(scene, all, LessonPhase.Ready), "twenty rooms are open");
        foreach (Guid lesson in all)
        {
            scene.Publishes(lesson, StreamIds.HostCamera);
        }

        scene.To(TimeSpan.Zero);
        await LessonScene.EventuallyAsync(() => CountAsync(scene, all, LessonPhase.Live), "twenty lessons are on");
        await using (await BusyDatabase.HoldAsync(scene.Host))
        {
            scene.To(TimeSpan.FromSeconds(90));
            await Task.Delay(TimeSpan.FromSeconds(16)); // the database is held, as the name says; nothing else is waited for here
            Assert.DoesNotContain(town.Snapshots, s => s.Seats[1] is { Online: false });
        }

        var sinceFree = System.Diagnostics.Stopwatch.StartNew();
        await LessonScene.EventuallyAsync(() => CountAsync(scene, all, LessonPhase.Ended), "all have ended");
        scene.To(TimeSpan.FromSeconds(99));
        await LessonScene.EventuallyAsync(() => CountAsync(scene, all, LessonPhase.Judged), "all are judged");
        Assert.True(sinceFree.Elapsed < TimeSpan.FromMinutes(1));
        scene.To(TimeSpan.FromSeconds(100));
        await town.SeesAsync(s => s.Phase == LessonPhase.Judged, "the judged lesson, on the connection it always had");
        Assert.DoesNotContain(await scene.DbAsync(db => db.Set<LessonEvent>().Select(e => e.Kind).ToListAsync()), k => k == LessonFactKind.HubRestarted);
        Assert.Equal(Lessons, await scene.DbAsync(db => db.Set<StoredJudgement>().Select(j => j.OccurrenceId).Distinct().CountAsync()));
    }

    [Fact]
    public async Task CancelledBetweenStartAndItsStoredFact_TheStartWins()
    {
        await using LessonScene scene = await BusySceneAsync();
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan");
        await lecturer.JoinAsync();
        await scene.ReachesAsync(LessonPhase.Ready);
        Task<LessonRefusal?> starting;
        await using (await BusyDatabase.HoldAsync(scene.Host))
        {
            starting = lecturer.DoAsync(LessonHubNames.Start);
            Assert.Equal(LessonRefusal.Busy, await starting);
            Assert.Equal(TimetableRefusal.TooLate, await scene.CancelAsync("全镇停电"));
        }

        await scene.ReachesAsync(LessonPhase.Live);
        Occurrence stored = await scene.OccurrenceAsync();
        Assert.Null(stored.CancelledAt);
        Assert.All(await scene.DbAsync(db => db.Set<Participation>().Where(p => p.OccurrenceId == scene.LessonId).ToListAsync()), p => Assert.True(p.Booked));
    }

    [Fact]
    public async Task AnotherWriterCancelledTheRow_TheStartWins_AndTheRoomsAreBookedAgain()
    {
        await using LessonScene scene = await BusySceneAsync();
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan");
        await lecturer.JoinAsync();
        await scene.ReachesAsync(LessonPhase.Ready);
        await scene.DbAsync(async db =>
        {
            Occurrence row = await db.Set<Occurrence>().Include(o => o.Participations).SingleAsync(o => o.Id == scene.LessonId);
            (row.CancelledAt, row.CancelReason, row.Version) = (scene.Host.Time.Now, "全镇停电", row.Version + 1);
            row.Participations.ForEach(p => p.Booked = false);
            return await db.SaveChangesAsync();
        });
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Start));
        Occurrence stored = await scene.OccurrenceAsync();
        Assert.Equal((LessonPhase.Live, null, null), (stored.Phase, stored.CancelledAt, stored.CancelReason));
        Assert.All(await scene.DbAsync(db => db.Set<Participation>().Where(p => p.OccurrenceId == scene.LessonId).ToListAsync()), p => Assert.True(p.Booked));
    }

    [Fact]
    public async Task StoppedLesson_FreesItsRoomsAndItsLecturer()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(inBell: TimeSpan.FromMinutes(5));
        LessonScene.Client lecturer = await scene.SignInAsync("wangxiulan");
        await lecturer.JoinAsync();
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Start));
        Assert.False((await scene.PlanAgainAsync()).IsOk);
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Stop));
        await scene.ReachesAsync(LessonPhase.Ended);
        Assert.True((await scene.PlanAgainAsync()).IsOk);
    }

    private static Task<LessonScene> BusySceneAsync(bool byTimetable = false) => LessonScene.CreateAsync(
        byTimetable, TimeSpan.FromMinutes(byTimetable ? 1 : 5), host => host.Settings["Storage:BusyTimeout"] = "00:00:01");

    private static async Task<IReadOnlyList<LessonFactKind>> KindsAsync(LessonScene scene) => await scene.DbAsync(db =>
        db.Set<LessonEvent>().Where(e => e.LessonId == scene.LessonId).OrderBy(e => e.Sequence).Select(e => e.Kind).ToListAsync());

    private static Task<bool> CountAsync(LessonScene scene, Guid[] all, LessonPhase phase) => scene.DbAsync(async db =>
        await db.Set<Occurrence>().CountAsync(o => all.Contains(o.Id) && o.Phase == phase) == all.Length);

    /// <summary>More lessons at the scene's bell, each with a lecturer and rooms of its own.</summary>
    private static Task<Guid[]> PlanAlikeAsync(LessonScene scene, int count) => scene.DbAsync(async db =>
    {
        School school = await db.Set<School>().FirstAsync();
        Guid[] ids = new Guid[count];
        for (int i = 0; i < count; i++)
        {
            Classroom[] rooms = [.. Enumerable.Range(0, 2).Select(r => new Classroom { Id = Guid.NewGuid(), SchoolId = school.Id, Name = $"加开教室{i}-{r}" })];
            var lecturer = new Teacher { Id = Guid.NewGuid(), SchoolId = school.Id, Name = $"教师{i}" };
            var lesson = new Occurrence
            {
                Id = ids[i] = Guid.CreateVersion7(),
                Subject = "英语",
                Topic = $"Unit {i}",
                LecturerId = lecturer.Id,
                StartsAt = scene.Bell,
                EndsAt = scene.Bell.AddSeconds(90),
                StandardPeriod = TimeSpan.FromSeconds(90),
                StartsByTimetable = true,
                FiledAt = scene.Host.Time.Now,
            };
            lesson.Participations.AddRange(rooms.Select((room, seat) => new Participation
            {
                Id = Guid.NewGuid(),
                SeatId = seat == 0 ? Participation.HostSeat : $"r{seat}",
                Role = seat == 0 ? SeatRole.Host : SeatRole.Receiving,
                ClassroomId = room.Id,
                StartsAt = lesson.StartsAt,
                EndsAt = lesson.EndsAt,
            }));
            db.AddRange(rooms);
            db.AddRange(lecturer, lesson);
        }

        await db.SaveChangesAsync();
        return ids;
    });
}
