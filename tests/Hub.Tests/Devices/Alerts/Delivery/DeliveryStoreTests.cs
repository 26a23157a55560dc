using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Storage;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

public sealed class SqliteDeliveryStoreTests(SqliteDatabase database) : DeliveryStoreTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresDeliveryStoreTests(PostgresDatabase database) : DeliveryStoreTests(database), IClassFixture<PostgresDatabase>;

/// <summary>What both databases keep of the queue. A hub that dies is one whose store is abandoned between two steps.</summary>
public abstract class DeliveryStoreTests(IDatabase database) : IAsyncLifetime
{
    private static readonly DeliveryOutcome Down = DeliveryOutcome.Failed(DeliveryFault.Unreachable, "HostNotFound");

    private readonly DeliveryScene _scene = DeliveryScene.Over(database, new DeliveryOptions(), new ManualTime());

    private DateTimeOffset Now => _scene.Time.Now;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task ANotice_IsCommittedWithTheEnginesState_OrNotAtAll()
    {
        Guid channel = await _scene.ChannelAsync(ChannelKind.WeCom);
        await using (HubDbContext db = database.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            _scene.Queue.Add(db, Notices.Notice(), [channel]);
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        Assert.Empty(_scene.Messages(channel));
        await _scene.AddAsync(Notices.Notice(), channel);
        Assert.Equal(MessageState.Queued, Assert.Single(_scene.Messages(channel)).State);
    }

    [Fact]
    public async Task ANotice_GoesToEveryChannelThatTakesIt_OrToThoseNamed()
    {
        Guid school = await SchoolAsync("红星小学");
        Guid all = await _scene.ChannelAsync(ChannelKind.WeCom), critical = await _scene.ChannelAsync(ChannelKind.WeCom, with: c => c.MinimumSeverity = AlertSeverity.Critical);
        Guid own = await _scene.ChannelAsync(ChannelKind.WeCom, with: c =>
        {
            c.AllSchools = false;
            c.Schools.Add(new AlertChannelSchool { SchoolId = school });
        });
        await _scene.AddAsync(Notices.Notice(severity: AlertSeverity.Warning, alerts: Notices.Alert(school: "红星小学", severity: AlertSeverity.Warning)));
        await _scene.AddAsync(Notices.Notice(severity: AlertSeverity.Critical, alerts: Notices.Alert(school: "青山小学")), all, all, own, Guid.NewGuid());
        Assert.Equal((2, 0, 1), (_scene.Messages(all).Count, _scene.Messages(critical).Count, _scene.Messages(own).Count));
    }

    [Fact]
    public async Task WhatWasBeingSent_WhenTheHubDied_WaitsAgain_InItsOrder()
    {
        Guid channel = await _scene.ChannelAsync(ChannelKind.WeCom);
        for (int i = 0; i < 3; i++)
        {
            await _scene.AddAsync(Notices.Notice(group: $"g{i}"), channel);
        }

        long[] ids = [.. _scene.Messages(channel).Select(m => m.Id)];
        var begun = await _scene.Store.BeginAsync(ids[..2], Health(channel), Guid.NewGuid(), Now, CancellationToken.None);
        Assert.Equal(["g0", "g1"], begun.Select(b => b.Notice.GroupKey));
        Assert.Equal([ids[2]], (await _scene.Store.WaitingAsync(channel, CancellationToken.None)).Select(m => m.Id)); // nothing is sent twice while the hub lives

        var next = new DeliveryStore(_scene.Scopes); // killed here
        Assert.True(await next.RecoverAsync(CancellationToken.None) >= 2);
        Assert.Equal(ids, (await next.WaitingAsync(channel, CancellationToken.None)).Select(m => m.Id));
        Assert.Equal(1, _scene.Messages(channel)[0].Tries);
    }

    [Fact]
    public async Task WhatArrived_IsNotSentAgain_ByTheNextHub()
    {
        Guid channel = await _scene.ChannelAsync(ChannelKind.WeCom);
        await _scene.AddAsync(Notices.Notice(), channel);
        long[] ids = [.. _scene.Messages(channel).Select(m => m.Id)];
        await _scene.Store.BeginAsync(ids, Health(channel), Guid.NewGuid(), Now, CancellationToken.None);
        await _scene.Store.ArrivedAsync(ids, Health(channel), Now, CancellationToken.None);
        var next = new DeliveryStore(_scene.Scopes);
        await next.RecoverAsync(CancellationToken.None);
        Assert.Empty(await next.WaitingAsync(channel, CancellationToken.None));
        Assert.DoesNotContain(channel, await next.ChannelsWaitingAsync(CancellationToken.None));
    }

    [Fact]
    public async Task WhatFailed_WaitsForItsTime_OrIsLaidAside()
    {
        Guid channel = await _scene.ChannelAsync(ChannelKind.WeCom);
        await _scene.AddAsync(Notices.Notice(), channel);
        await _scene.AddAsync(Notices.Notice(), channel);
        long[] ids = [.. _scene.Messages(channel).Select(m => m.Id)];
        await _scene.Store.BeginAsync(ids, Health(channel), Guid.NewGuid(), Now, CancellationToken.None);
        await _scene.Store.FailedAsync([new FailedMessage(ids[0], Now.AddMinutes(1)), new FailedMessage(ids[1], null)], Down, Health(channel), Now, CancellationToken.None);
        WaitingMessage left = Assert.Single(await _scene.Store.WaitingAsync(channel, CancellationToken.None));
        Assert.Equal((ids[0], 1, Now.AddMinutes(1)), (left.Id, left.Tries, left.NextTryAt));
        AlertMessage dead = _scene.Messages(channel)[1];
        Assert.Equal((MessageState.Dead, DeliveryFault.Unreachable, "HostNotFound", Now), (dead.State, dead.Fault, dead.Detail, dead.EndedAt));

        await _scene.Store.HurryAsync(channel, CancellationToken.None);
        Assert.Null((await _scene.Store.WaitingAsync(channel, CancellationToken.None)).Single().NextTryAt);
    }

    [Fact]
    public async Task WhatWaitedTooLong_IsLaidAside_AndWhatEndedLongAgo_Forgotten()
    {
        Guid channel = await _scene.ChannelAsync(ChannelKind.WeCom);
        await _scene.AddAsync(Notices.Notice(), channel);
        _scene.Time.Advance(TimeSpan.FromHours(13));
        await _scene.AddAsync(Notices.Notice(group: "fresh"), channel);
        await _scene.Store.ExpireAsync(Now.AddHours(-12), Now, CancellationToken.None);
        Assert.Equal([MessageState.Dead, MessageState.Queued], _scene.Messages(channel).Select(m => m.State));
        Assert.Equal(DeliveryFault.Expired, _scene.Messages(channel)[0].Fault);
        await _scene.Store.ForgetAsync(Now.AddMinutes(1), CancellationToken.None);
        Assert.Equal("fresh", Assert.Single(_scene.Messages(channel)).GroupKey);
    }

    [Fact]
    public async Task ARowThatCannotBeRead_IsLaidAside_AndHoldsNothingUp()
    {
        Guid channel = await _scene.ChannelAsync(ChannelKind.WeCom);
        await _scene.UseAsync(db =>
        {
            AlertMessage row = NoticeQueue.RowOf(channel, Notices.Notice());
            row.Notice = "{";
            db.Add(row);
            return db.SaveChangesAsync();
        });
        long id = _scene.Messages(channel).Single().Id;
        Assert.Empty(await _scene.Store.BeginAsync([id], Health(channel), Guid.NewGuid(), Now, CancellationToken.None));
        Assert.Equal(MessageState.Dead, _scene.Messages(channel).Single().State);
    }

    [Fact]
    public async Task ARestart_IsNoNewBurst()
    {
        Guid channel = await _scene.ChannelAsync(ChannelKind.WeCom);
        await _scene.Store.SaveHealthAsync(Health(channel), CancellationToken.None);
        AlertChannelHealth spent = Health(channel);
        (spent.Tokens, spent.PausedUntil) = (0.25, Now.AddMinutes(10));
        await _scene.Store.SaveHealthAsync(spent, CancellationToken.None);
        AlertChannelHealth read = (await new DeliveryStore(_scene.Scopes).ReadHealthAsync(CancellationToken.None)).Single(h => h.ChannelId == channel);
        Assert.Equal((0.25, Now, Now.AddMinutes(10)), (read.Tokens, read.TokensAt, read.PausedUntil));
    }

    [Fact]
    public async Task TheDatabase_RefusesARemovedChannelThatKeepsItsSecrets_AndTwoOfOneName()
    {
        Guid channel = await _scene.ChannelAsync(ChannelKind.WeCom);
        await Assert.ThrowsAnyAsync<Exception>(() => _scene.UseAsync(db => db.Set<AlertChannel>().Where(c => c.Id == channel).ExecuteUpdateAsync(s => s.SetProperty(c => c.RemovedAt, Now))));
        string name = (await _scene.UseAsync(db => db.Set<AlertChannel>().SingleAsync(c => c.Id == channel))).Name;
        await Assert.ThrowsAsync<DbUpdateException>(() => _scene.ChannelAsync(ChannelKind.Feishu, with: c => c.Name = name));
    }

    private AlertChannelHealth Health(Guid channel) => new() { ChannelId = channel, Tokens = TokenBucket.Burst, TokensAt = Now };

    private Task<Guid> SchoolAsync(string name) => _scene.UseAsync(async db =>
    {
        var school = new School { Id = Guid.NewGuid(), Name = name, Town = "红星镇" };
        db.Add(school);
        await db.SaveChangesAsync();
        return school.Id;
    });
}
