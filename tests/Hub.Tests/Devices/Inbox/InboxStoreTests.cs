using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Storage;
using ThreeClassrooms.TestKit.Evidence;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Devices.Inbox;

public sealed class SqliteInboxStoreTests(SqliteDatabase database) : InboxStoreTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresInboxStoreTests(PostgresDatabase database) : InboxStoreTests(database), IClassFixture<PostgresDatabase>;

/// <summary>What the inbox does with a batch in which one record's effect is refused by the database.</summary>
public abstract class InboxStoreTests(IDatabase database)
{
    [Fact]
    public async Task RecordWhoseEffectTheDatabaseRefuses_IsRefusedAlone_AllOthersAreKept()
    {
        var chain = new RecordChain();
        for (int i = 1; i <= 7; i++)
        {
            chain.Add(i == 4 ? BadEffect.Type : "test.kept", new { }, DateTimeOffset.UnixEpoch.AddYears(56));
        }

        await using HubDbContext db = database.Open();
        var inbox = new DeviceInbox(db, [new BadEffect()], new ManualTime(), NullLogger<DeviceInbox>.Instance);
        StreamAck? ack = await inbox.TakeAsync(
            new DeviceCaller("agt-aaaaaaaaaa", Guid.NewGuid(), DeviceRole.Receiving), chain.Epoch, chain.Stream, RecordChain.Batch(chain.Records), CancellationToken.None);

        Assert.NotNull(ack);
        Assert.Equal(new RefusedRecord(4, RecordRefusal.BadRecord), Assert.Single(ack.Refused));
        Assert.Equal((3L, new SequenceRange(4, 4)), (ack.Through, Assert.Single(ack.Missing)));
        Assert.Equal([1, 2, 3, 5, 6, 7], await db.Set<InboxRecord>().Where(r => r.Epoch == chain.Epoch).OrderBy(r => r.Sequence).Select(r => r.Sequence).ToListAsync());
    }

    /// <summary>Adds a row about a device that does not exist.</summary>
    private sealed class BadEffect : IRecordEffect
    {
        public const string Type = "test.bad";

        public IReadOnlyCollection<string> Types => [Type];

        public Task ApplyAsync(HubDbContext db, DeviceCaller device, IReadOnlyList<ReceivedRecord> records, CancellationToken cancel)
        {
            db.AddRange(records.Select(r => new DeviceIssue { Id = Guid.NewGuid(), DeviceId = "no-such-device", RaisedAt = r.Row.ReceivedAt }));
            return Task.CompletedTask;
        }

        public void OnCommitted(IReadOnlyList<ReceivedRecord> records)
        {
            // Nothing to follow.
        }
    }
}
