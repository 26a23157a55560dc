using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Storage;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

public sealed class SqliteHealthStoreTests(SqliteDatabase database) : HealthStoreTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresHealthStoreTests(PostgresDatabase database) : HealthStoreTests(database), IClassFixture<PostgresDatabase>;

/// <summary>What both databases keep of the fleet's health.</summary>
public abstract class HealthStoreTests(IDatabase database)
{
    private static readonly DateTimeOffset Now = HealthScene.Morning;

    [Fact]
    public async Task Issues_AreOpenOnce_AndClosedOnce()
    {
        (HealthStore store, string device) = await MakeAsync();
        var raised = new IssueChange(IssueKind.CameraMissing, "camera", true, Now, Now, null, IssueSeverity.Warning, false);
        await store.WriteAsync(Batch(device, raised), CancellationToken.None);
        await store.WriteAsync(Batch(device, raised), CancellationToken.None); // told again after a failed write
        DeviceRegistration read = (await store.ReadAsync(true, CancellationToken.None)).Single(d => d.DeviceId == device);
        Assert.Equal((IssueKind.CameraMissing, Now), (Assert.Single(read.Open).Kind, read.Open[0].RaisedAt));

        await store.WriteAsync(Batch(device, raised with { Raised = false, At = Now.AddMinutes(5) }), CancellationToken.None);
        await using HubDbContext db = database.Open();
        DeviceIssue row = Assert.Single(await db.Set<DeviceIssue>().Where(i => i.DeviceId == device).ToListAsync());
        Assert.Equal(Now.AddMinutes(5), row.ClearedAt);
    }

    [Fact]
    public async Task TheDatabase_RefusesASecondOpenIssueOfTheSameKind()
    {
        (_, string device) = await MakeAsync();
        await using HubDbContext db = database.Open();
        db.AddRange(Open(device), Open(device));
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task Reports_AreReadBackAfterARestart()
    {
        (HealthStore store, string device) = await MakeAsync();
        var registration = (await store.ReadAsync(true, CancellationToken.None)).Single(d => d.DeviceId == device);
        var options = new HealthOptions();
        var tracked = new TrackedDevice(registration, registration.Restore(options, IssueTiming.From(options)));
        Guid boot = Guid.NewGuid(), connection = Guid.NewGuid();
        tracked.Health.OnState(HealthScene.State(true, boot, connection, Now), false, Now);
        tracked.Health.OnHardware(new HardwareReport(boot, 1, Now, "0.2.0", "Debian 12", "N100", "N100", 4, 8, [HealthScene.Part(PartKind.Disk, PartStatus.Ok)]));
        await store.WriteAsync(new HealthBatch([], [], [tracked.ToReport()], 0), CancellationToken.None);
        tracked.Health.OnState(HealthScene.State(false, boot, connection, Now), false, Now.AddMinutes(1));
        await store.WriteAsync(new HealthBatch([], [], [tracked.ToReport()], 0), CancellationToken.None);

        DeviceHealth restored = (await store.ReadAsync(true, CancellationToken.None)).Single(d => d.DeviceId == device).Restore(options, IssueTiming.From(options));
        Assert.Equal((connection, false, "lost"), (restored.Presence.Connection, restored.Presence.Up, restored.Presence.DownReason));
        Assert.Equal(PartKind.Disk, Assert.Single(restored.Hardware!.Parts).Kind);
        restored.OnState(HealthScene.State(true, boot, connection, Now), true, Now.AddMinutes(2)); // a birth older than the end that is known
        Assert.False(restored.Presence.Up);
    }

    [Fact]
    public async Task Minutes_BecomeHours_AndOldOnesGo()
    {
        (HealthStore store, string device) = await MakeAsync();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        DateTimeOffset hour = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero).AddHours(-2);
        var minutes = Enumerable.Range(0, 60).Select(i => new DeviceMinute { DeviceId = device, At = hour.AddMinutes(i), Processor = i, Temperature = 40 + i, DiskFree = 90 - i }).ToList();
        minutes.Add(new DeviceMinute { DeviceId = device, At = now.AddDays(-5), Processor = 1 });
        await store.WriteAsync(new HealthBatch([], minutes, [], 0), CancellationToken.None);
        await store.WriteAsync(new HealthBatch([], [new DeviceMinute { DeviceId = device, At = hour, Processor = 99 }], [], 0), CancellationToken.None);
        await using ServiceProvider services = Services();
        var history = new MetricsHistory(services.GetRequiredService<IServiceScopeFactory>(), new HealthOptions());
        await history.KeepAsync(now, CancellationToken.None);
        await history.KeepAsync(now, CancellationToken.None);

        await using HubDbContext db = database.Open();
        DeviceHour row = Assert.Single(await db.Set<DeviceHour>().Where(h => h.DeviceId == device).ToListAsync());
        Assert.Equal((60, 29.5f, 99f, 31f), (row.Minutes, row.Processor, row.Temperature, row.DiskFree));
        Assert.Equal(60, await db.Set<DeviceMinute>().CountAsync(m => m.DeviceId == device));
    }

    [Fact]
    public async Task Days_AddUp()
    {
        (HealthStore store, string device) = await MakeAsync();
        var day = new DateOnly(2026, 9, 7);
        var more = new Dictionary<(string, DateOnly), UptimeSeconds> { [(device, day)] = new(60, 30, 0, 20, 10), [("no-such-device", day)] = new(60, 0, 0, 0, 0) };
        await store.AddDaysAsync(more, CancellationToken.None);
        await store.AddDaysAsync(more, CancellationToken.None);
        await using HubDbContext db = database.Open();
        DeviceDay row = Assert.Single(await db.Set<DeviceDay>().Where(d => d.Day == day && (d.DeviceId == device || d.DeviceId == "no-such-device")).ToListAsync());
        Assert.Equal((120, 60, 40, 20), (row.Up, row.Down, row.LessonUp, row.LessonDown));
    }

    [Fact]
    public async Task TextThatADatabaseCannotHold_IsStoredCleaned()
    {
        (HealthStore store, string device) = await MakeAsync();
        var raised = new IssueChange(IssueKind.CameraMissing, "camera\0\ud800", true, Now, Now, null, IssueSeverity.Warning, false);
        Assert.Empty(await store.WriteAsync(Batch(device, raised), CancellationToken.None));
        await using HubDbContext db = database.Open();
        Assert.Equal("camera\ufffd\ufffd", (await db.Set<DeviceIssue>().SingleAsync(i => i.DeviceId == device)).Part);
        (string one, string[] some) = ("\0", ["a\0", "b"]);
        Assert.Empty(await db.Set<DeviceIssue>().Where(i => i.Part == one || some.Contains(i.Part)).ToListAsync()); // a search is no error either
    }

    [Fact]
    public async Task RowThatTheDatabaseRefuses_StandsAlone_AllOthersAreStored()
    {
        (HealthStore store, string first) = await MakeAsync();
        (_, string second) = await MakeAsync();
        static (string, IssueChange) Raised(string device) => (device, new IssueChange(IssueKind.DiskFailing, "disk", true, Now, Now, null, IssueSeverity.Warning, false));
        var batch = new HealthBatch(
            [Raised(first), Raised("no-such-device"), Raised(second)],
            [new DeviceMinute { DeviceId = second, At = Now }, new DeviceMinute { DeviceId = first, At = Now }],
            [new DeviceReport { DeviceId = first }, new DeviceReport { DeviceId = "no-such-device" }, new DeviceReport { DeviceId = second }], 0);
        IReadOnlyList<(HealthBatch Row, Exception Why)> refused = await store.WriteAsync(batch, CancellationToken.None);

        Assert.Equal(["issue no-such-device", "report no-such-device"], refused.Select(r => $"{r.Row.What} {Assert.Single(r.Row.DeviceIds)}"));
        await using HubDbContext db = database.Open();
        string[] both = [first, second];
        Assert.Equal((2, 2, 2), (
            await db.Set<DeviceIssue>().CountAsync(i => both.Contains(i.DeviceId)), await db.Set<DeviceMinute>().CountAsync(m => both.Contains(m.DeviceId)),
            await db.Set<DeviceReport>().CountAsync(r => both.Contains(r.DeviceId))));
    }

    private static DeviceIssue Open(string device) => new() { Id = Guid.CreateVersion7(), DeviceId = device, Kind = IssueKind.ClockOff, RaisedAt = Now };

    private static HealthBatch Batch(string device, IssueChange change) => new([(device, change)], [], [], 0);

    private ServiceProvider Services() => new ServiceCollection().AddScoped(_ => database.Open()).BuildServiceProvider();

    private async Task<(HealthStore Store, string Device)> MakeAsync()
    {
        await using HubDbContext db = database.Open();
        var school = new School { Id = Guid.NewGuid(), Name = "青山小学" + Guid.NewGuid().ToString("N")[..8], Town = "青山镇" };
        var room = new Classroom { Id = Guid.NewGuid(), Name = "三年级教室", School = school };
        var device = new Device { Id = "agt-" + Guid.NewGuid().ToString("N")[..12], Classroom = room, MachineName = "room-pc", EnrolledAt = Now };
        db.AddRange(school, room, device);
        await db.SaveChangesAsync();
        return (new HealthStore(Services().GetRequiredService<IServiceScopeFactory>()), device.Id);
    }
}
