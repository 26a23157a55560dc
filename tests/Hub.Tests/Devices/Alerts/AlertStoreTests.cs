using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Storage;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts;

public sealed class SqliteAlertStoreTests(SqliteDatabase database) : AlertStoreTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresAlertStoreTests(PostgresDatabase database) : AlertStoreTests(database), IClassFixture<PostgresDatabase>;

/// <summary>What both databases keep of the alerts: enough that a hub may be killed at any moment.</summary>
public abstract class AlertStoreTests(IDatabase database)
{
    [Fact]
    public async Task AHubKilledAtAnyStep_TellsNothingTwice_AndForgetsNothing()
    {
        List<string> undisturbed = await PlayAsync(new Random(1), kill: false);
        Assert.Equal(["Firing 2", "Firing 3", "Firing 3", "Resolved 0"], undisturbed);
        for (int seed = 2; seed < 6; seed++)
        {
            Assert.Equal(undisturbed, await PlayAsync(new Random(seed), kill: true));
        }
    }

    [Fact]
    public async Task AMessageThatCannotBeQueued_LeavesNoTrace_AndGoesOutLater()
    {
        AlertScene scene = new AlertScene().School(Guid.NewGuid().ToString("N")[..8], 1);
        SceneDevice device = scene.Devices.Values.Single();
        AlertStore broken = Store(fails: true), store = Store(fails: false);
        device.Break(IssueKind.DiskFailing, scene.Now);
        await StepAsync(scene, store);
        scene.Now = scene.Now.AddSeconds(31);
        await Assert.ThrowsAsync<DbUpdateException>(() => StepAsync(scene, broken));
        scene.Book = await store.ReadAsync(CancellationToken.None);
        Assert.Null(Assert.Single(scene.Book.Open).Told);
        await StepAsync(scene, store);
        Assert.Equal(["Firing 1"], await ToldAsync(device));
        await MendAsync(scene, store);
        Assert.Equal(["Firing 1", "Resolved 0"], await ToldAsync(device));
    }

    [Fact]
    public async Task TheDatabase_RefusesASecondOpenAlertOfTheSameThing()
    {
        await using HubDbContext db = database.Open();
        db.AddRange(Open(), Open());
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());

        static Alert Open() => new() { Id = Guid.NewGuid(), Fingerprint = "aabbccddeeff0011", StartsAt = AlertScene.Morning };
    }

    /// <summary>A morning of faults; the hub dies between computing and storing, or after storing, or not.</summary>
    private async Task<List<string>> PlayAsync(Random random, bool kill)
    {
        AlertScene scene = new AlertScene().School(Guid.NewGuid().ToString("N")[..8], 3);
        SceneDevice[] devices = [.. scene.Devices.Values];
        AlertStore store = Store(fails: false);
        for (int tick = 0; tick < 300; tick++)
        {
            switch (tick)
            {
                case 5: devices[0].Break(IssueKind.DiskFailing, scene.Now); break;
                case 6: devices[1].Break(IssueKind.ClockOff, scene.Now); break;
                case 30: devices[2].Break(IssueKind.DiskNearlyFull, scene.Now); break;
                case 31: devices[2].Break(IssueKind.CameraMissing, scene.Now); break;
                case 33: devices[2].Mend(IssueKind.CameraMissing); break; // over within the wait: never told
                case 100: devices[1].Break(IssueKind.MemoryFull, scene.Now); devices[0].Mend(IssueKind.DiskFailing); break;
                case 170: Array.ForEach(devices, d => d.Mend(IssueKind.DiskFailing).Mend(IssueKind.ClockOff).Mend(IssueKind.DiskNearlyFull).Mend(IssueKind.MemoryFull)); break;
            }

            if (kill && random.Next(3) == 0)
            {
                scene.Step(); // computed, never stored
                scene.Book = await store.ReadAsync(CancellationToken.None);
            }

            await StepAsync(scene, store);
            if (kill && random.Next(3) == 0)
            {
                scene.Book = await store.ReadAsync(CancellationToken.None);
            }

            scene.Now = scene.Now.AddSeconds(5);
        }

        Assert.Empty(scene.Book.Alerts);
        return await ToldAsync(devices[0]);
    }

    private static async Task MendAsync(AlertScene scene, AlertStore store)
    {
        foreach (SceneDevice device in scene.Devices.Values)
        {
            device.Mend(IssueKind.DiskFailing);
        }

        scene.Now = scene.Now.AddSeconds(5);
        await StepAsync(scene, store);
        scene.Now = scene.Now.AddMinutes(6);
        await StepAsync(scene, store);
        Assert.Empty(scene.Book.Alerts);
    }

    [Theory]
    [InlineData(1, AlertEventKind.Told)]
    [InlineData(0, AlertEventKind.ToldNobody)]
    internal async Task Diary_SaysThatItWasTold_OnlyWhereAChannelTakesIt(int channels, AlertEventKind expected)
    {
        AlertScene scene = new AlertScene().School(Guid.NewGuid().ToString("N")[..8], 1);
        AlertStore store = Store(fails: false, channels);
        scene.Devices.Values.Single().Break(IssueKind.DiskFailing, scene.Now);
        await StepAsync(scene, store);
        scene.Now = scene.Now.AddSeconds(31);
        await StepAsync(scene, store);
        await using HubDbContext db = database.Open();
        Guid id = Assert.Single(scene.Book.Open).Id;
        List<AlertEventKind> diary = await db.Set<AlertEvent>().Where(e => e.AlertId == id).Select(e => e.Kind).ToListAsync();
        Assert.Contains(expected, diary);
        await MendAsync(scene, store);
        Assert.DoesNotContain(expected == AlertEventKind.Told ? AlertEventKind.ToldNobody : AlertEventKind.Told, diary);
    }

    private static async Task StepAsync(AlertScene scene, AlertStore store)
    {
        AlertBook before = scene.Book;
        AlertStep step = scene.Step();
        scene.Book = before;
        await store.WriteAsync(step, WordsFor, scene.Now, CancellationToken.None);
        scene.Book = step.After;
    }

    private static AlertNotice WordsFor(PlannedNotice planned) => new(
        planned.GroupKey, planned.Kind, planned.Severity, $"{planned.Kind} {planned.Active.Count}", [], 0, planned.At, new Dictionary<string, string>());

    private async Task<List<string>> ToldAsync(SceneDevice device)
    {
        await using HubDbContext db = database.Open();
        string school = device.SchoolId.ToString("N");
        return await db.Set<AuditEntry>().Where(e => e.Actor == "queue" && e.Subject.StartsWith(school)).OrderBy(e => e.Id).Select(e => e.Detail!).ToListAsync();
    }

    private AlertStore Store(bool fails, int channelsThatTake = 1) => new(
        new ServiceCollection().AddScoped(_ => database.Open()).AddSingleton<INoticeQueue>(new AuditQueue(fails, channelsThatTake)).BuildServiceProvider().GetRequiredService<IServiceScopeFactory>(), new AlertsOptions());

    /// <summary>A queue whose rows are lines of the audit trail; one that fails adds a row that the database refuses.</summary>
    private sealed class AuditQueue(bool fails, int channelsThatTake) : INoticeQueue
    {
        public int Add(HubDbContext database, AlertNotice notice, IReadOnlyList<Guid> channels)
        {
            database.Add(new AuditEntry { At = notice.At, Actor = "queue", Subject = notice.GroupKey, Detail = notice.Title });
            if (fails)
            {
                database.Add(new AlertEvent { AlertId = Guid.NewGuid(), At = notice.At }); // of no alert
            }

            return channelsThatTake;
        }
    }
}
