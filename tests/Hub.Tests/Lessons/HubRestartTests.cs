using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Tests.Hosting;

namespace ThreeClassrooms.Hub.Tests.Lessons;

public sealed class HubRestartTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "hub-restart-" + Guid.NewGuid().ToString("N"));

    /// <summary>The second hub starts on the first one's data while the first still runs, as if that had been killed: nothing is handed over.</summary>
    [Fact]
    public async Task HubKilledMidLesson_TheSameLessonGoesOn()
    {
        await using LessonScene before = await LessonScene.CreateAsync(
            byTimetable: true, configure: host => host.Settings["Hub:DataFolder"] = _folder);
        LessonScene.Client lecturer = await before.SignInAsync("wangxiulan"), town = await before.TownDeviceAsync();
        await lecturer.JoinAsync();
        await town.JoinAsync();
        before.Publishes(StreamIds.HostCamera);
        before.To(TimeSpan.Zero);
        await before.ReachesAsync(LessonPhase.Live);
        Assert.Null(await town.DoAsync(LessonHubNames.Mute, "r1", true));
        Assert.Null(await town.DoAsync(LessonHubNames.RaiseHand, true));
        Assert.Null(await lecturer.DoAsync(LessonHubNames.GrantFloor, "r2"));
        Assert.Null(await lecturer.DoAsync(LessonHubNames.Extend));
        before.Flows(0, 20, null, "r1");
        before.To(TimeSpan.FromSeconds(20));
        await LessonScene.EventuallyAsync(() => before.DbAsync(db => db.Set<EvidenceInterval>().AnyAsync()), "evidence is stored while live");

        var second = new HubHost();
        foreach ((string key, string value) in before.Host.Settings)
        {
            second.Settings[key] = value;
        }

        second.Time.Advance(before.Host.Time.Now - second.Time.Now + TimeSpan.FromSeconds(2));
        await using LessonScene after = before.On(second);
        LessonScene.Client back = await after.SignInAsync("wangxiulan");
        LessonSnapshot snapshot = (await back.JoinAsync()).Value!.Snapshot;
        Assert.Equal(LessonPhase.Live, snapshot.Phase);
        Assert.Equal("r2", snapshot.FloorSeat);
        Assert.True(snapshot.Seats[1] is { Muted: true, Online: false, HandRaisedAt: not null });
        Assert.Equal(after.Bell.AddSeconds(90).AddMinutes(5), snapshot.EndsAt);
        Assert.True(snapshot.Version > lecturer.Snapshots.Max(s => s.Version));
        Assert.Contains(LessonFactKind.HubRestarted, await after.DbAsync(db => db.Set<LessonEvent>().Select(e => e.Kind).ToListAsync()));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
