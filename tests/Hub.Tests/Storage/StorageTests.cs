using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Storage;

public sealed class SqliteStorageTests(SqliteDatabase database) : StorageTests(database), IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task EveryConnection_WritesAheadAndSyncs()
    {
        await using HubDbContext db = Open();
        await db.Database.OpenConnectionAsync();
        Assert.Equal("wal", await ScalarAsync(db, "PRAGMA journal_mode"));
        Assert.Equal("2", await ScalarAsync(db, "PRAGMA synchronous"));
        Assert.Equal("1", await ScalarAsync(db, "PRAGMA foreign_keys"));
        Assert.Equal("1", await ScalarAsync(db, "PRAGMA recursive_triggers"));
        Assert.Equal("5000", await ScalarAsync(db, "PRAGMA busy_timeout"));
    }

    [Fact]
    public async Task History_IsNotReplaced_NotEvenByAConnectionThatSetsNothing()
    {
        await using HubDbContext db = Open();
        await AddHistoryAsync(db, 4);
        await using var outside = new SqliteConnection($"Data Source={new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource};Pooling=False");
        await outside.OpenAsync();
        foreach (string table in Guards.AppendOnlyTables)
        {
            string[] columns = [.. await ColumnAsync(outside, $"SELECT name FROM pragma_table_info('{table}')")];
            string all = string.Join(", ", columns.Select(c => $"\"{c}\""));
            await RefusedAsync(outside, $"INSERT OR REPLACE INTO \"{table}\" ({all}) SELECT {all} FROM \"{table}\" LIMIT 1");
            if ((await ColumnAsync(outside, $"SELECT type FROM pragma_table_info('{table}') WHERE name = 'Id'"))[0] != "TEXT")
            {
                continue; // its Id is the row's number
            }

            string others = string.Join(", ", columns.Where(c => c != "Id").Select(c => $"\"{c}\""));
            await RefusedAsync(outside, $"INSERT OR REPLACE INTO \"{table}\" (rowid, \"Id\", {others}) SELECT rowid, hex(randomblob(16)), {others} FROM \"{table}\" LIMIT 1");
        }
    }

    [Fact]
    public async Task EveryUniqueKeyOfHistory_IsInItsGuard()
    {
        await using HubDbContext db = Open();
        await db.Database.OpenConnectionAsync();
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        foreach (string table in Guards.AppendOnlyTables)
        {
            string guard = string.Concat(await ColumnAsync(connection, $"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'TR_{table}_INSERT%'"));
            foreach (string index in await ColumnAsync(connection, $"SELECT name FROM pragma_index_list('{table}') WHERE \"unique\""))
            {
                IEnumerable<string> keys = (await ColumnAsync(connection, $"SELECT name FROM pragma_index_info('{index}') ORDER BY seqno")).Select(c => $"\"{c}\" = NEW.\"{c}\"");
                Assert.Contains(string.Join(" AND ", keys), guard, StringComparison.Ordinal);
            }
        }
    }

    private static async Task<List<string>> ColumnAsync(SqliteConnection connection, string sql)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        List<string> found = [];
        await using SqliteDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    private static async Task RefusedAsync(SqliteConnection connection, string sql)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        SqliteException refused = await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync());
        Assert.Contains(Guards.AppendOnlyMessage, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> ScalarAsync(HubDbContext db, string sql)
    {
        await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}

public sealed class PostgresStorageTests(PostgresDatabase database) : StorageTests(database), IClassFixture<PostgresDatabase>;

/// <summary>What both databases must do alike.</summary>
public abstract class StorageTests(IDatabase database)
{
    private static readonly DateTimeOffset Bell = new(2026, 9, 7, 9, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public async Task Instants_AreUtcMicroseconds_AndCompareInTheDatabase()
    {
        Guid lesson = Guid.NewGuid();
        DateTimeOffset precise = Bell.AddTicks(1_234_567);
        await using (HubDbContext db = Open())
        {
            db.AddRange(Interval(lesson, precise), Interval(lesson, Bell.AddSeconds(1)), Interval(lesson, Bell.AddSeconds(-1)));
            await db.SaveChangesAsync();
        }

        await using HubDbContext read = Open();
        List<EvidenceInterval> found = await read.Set<EvidenceInterval>()
            .Where(i => i.LessonId == lesson && i.From >= Bell).OrderBy(i => i.From).ToListAsync();
        Assert.Equal(2, found.Count);
        Assert.Equal(new DateTimeOffset(2026, 9, 7, 1, 0, 0, TimeSpan.Zero).AddTicks(1_234_560), found[0].From);
        Assert.Equal(TimeSpan.Zero, found[0].From.Offset);
    }

    [Fact]
    public async Task Hours_AreExactHundredths()
    {
        await using HubDbContext db = Open();
        Occurrence lesson = await AddLessonAsync(db, 0);
        StoredJudgement judgement = Judgement(lesson.Id, 1);
        db.Add(judgement);
        db.AddRange(Entry(judgement, lesson, 1.1m), Entry(judgement, lesson, 2.2m, CreditRole.Assistant));
        await db.SaveChangesAsync();
        await using HubDbContext read = Open();
        Assert.Equal(3.30m, await read.Set<LedgerEntry>().Where(e => e.OccurrenceId == lesson.Id).SumAsync(e => e.Hours));
    }

    [Fact]
    public async Task OneCreditPerJudgementPersonAndRole()
    {
        await using HubDbContext db = Open();
        Occurrence lesson = await AddLessonAsync(db, 1);
        StoredJudgement judgement = Judgement(lesson.Id, 1);
        db.Add(judgement);
        db.Add(Entry(judgement, lesson, 1.5m));
        await db.SaveChangesAsync();
        db.Add(Entry(judgement, lesson, 1.5m));
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        db.ChangeTracker.Clear();
        db.Add(Judgement(lesson.Id, 1));
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task RoomAndLecturer_CannotBeBookedTwice_WhateverTheCodeDoes()
    {
        await using HubDbContext db = Open();
        Occurrence first = await AddLessonAsync(db, 2);
        foreach (TimeSpan shift in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(-39) })
        {
            Occurrence sameRoom = await PlanAsync(db, first.StartsAt + shift);
            sameRoom.Participations[0].ClassroomId = first.Participations[0].ClassroomId;
            db.Add(sameRoom);
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            db.ChangeTracker.Clear();
            Occurrence sameLecturer = await PlanAsync(db, first.StartsAt + shift);
            sameLecturer.LecturerId = first.LecturerId;
            db.Add(sameLecturer);
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            db.ChangeTracker.Clear();
        }

        // Directly after is no conflict, nor is a cancelled lesson.
        Occurrence after = await PlanAsync(db, first.EndsAt);
        (after.Participations[0].ClassroomId, after.LecturerId) = (first.Participations[0].ClassroomId, first.LecturerId);
        db.Add(after);
        await db.SaveChangesAsync();
        Occurrence cancelled = await db.Set<Occurrence>().Include(o => o.Participations).SingleAsync(o => o.Id == first.Id);
        cancelled.Phase = LessonPhase.Cancelled;
        cancelled.Participations.ForEach(p => p.Booked = false);
        await db.SaveChangesAsync();
        Occurrence instead = await PlanAsync(db, first.StartsAt);
        (instead.Participations[0].ClassroomId, instead.LecturerId) = (first.Participations[0].ClassroomId, first.LecturerId);
        db.Add(instead);
        await db.SaveChangesAsync();
    }

    [Fact]
    public async Task Person_CannotBeInTwoPlaces_AndTheGuardSaysWho()
    {
        await using HubDbContext db = Open();
        Occurrence first = await PlanAsync(db, Bell.AddDays(20)), later = await PlanAsync(db, Bell.AddDays(20).AddMinutes(20)), other = await PlanAsync(db, Bell.AddDays(21)), spare = await PlanAsync(db, Bell.AddDays(24));
        first.Participations[0].AssistantId = other.LecturerId;
        db.Add(first);
        await db.SaveChangesAsync();

        // An assistant of another lesson at that time; one who lectures meanwhile; the lecturer of that very lesson.
        later.Participations[0].AssistantId = other.LecturerId;
        Assert.Equal(Booking.Assistant, await GuardAsync(db, later));
        later.Participations[0].AssistantId = first.LecturerId;
        Assert.Equal(Booking.Assistant, await GuardAsync(db, later));
        later.Participations[0].AssistantId = later.LecturerId;
        Assert.Equal(Booking.Assistant, await GuardAsync(db, later));

        // A lecturer who assists meanwhile; and the guards that were there before.
        (later.Participations[0].AssistantId, later.LecturerId) = (null, other.LecturerId);
        Assert.Equal(Booking.Lecturer, await GuardAsync(db, later));
        later.LecturerId = first.LecturerId;
        Assert.Equal(Booking.Lecturer, await GuardAsync(db, later));
        (later.LecturerId, later.Participations[0].ClassroomId) = (spare.LecturerId, first.Participations[0].ClassroomId);
        Assert.Equal(Booking.Classroom, await GuardAsync(db, later));

        // Something else that the database refuses is no double booking.
        later.Participations[0].ClassroomId = Guid.NewGuid();
        Assert.Null(await GuardAsync(db, later));

        // One room of a lesson each.
        Occurrence two = await PlanAsync(db, Bell.AddDays(22)), rooms = await PlanAsync(db, Bell.AddDays(23));
        Participation second = rooms.Participations[0];
        rooms.Participations.Clear();
        (second.SeatId, second.StartsAt, second.EndsAt, second.AssistantId) = ("r1", two.StartsAt, two.EndsAt, other.LecturerId);
        two.Participations[0].AssistantId = other.LecturerId;
        two.Participations.Add(second);
        Assert.Equal(Booking.Assistant, await GuardAsync(db, two));
    }

    private static async Task<Booking?> GuardAsync(HubDbContext db, Occurrence lesson)
    {
        db.ChangeTracker.Clear();
        db.Add(lesson);
        DbUpdateException refused = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        db.ChangeTracker.Clear();
        return DatabaseWords.GuardIn(refused);
    }

    [Fact]
    public async Task History_CanOnlyBeAddedTo()
    {
        await using HubDbContext db = Open();
        await AddHistoryAsync(db, 3);
        foreach (string table in Guards.AppendOnlyTables)
        {
            await RefusedAsync(db, $"DELETE FROM \"{table}\"");
            await RefusedAsync(db, $"UPDATE \"{table}\" SET \"Id\" = \"Id\"");
        }
    }

    [Fact]
    public async Task Record_IsKeptOnce_ByNumberAndByEvent()
    {
        await using HubDbContext db = Open();
        InboxRecord first = Received(Guid.NewGuid(), 1), sameNumber = Received(first.Epoch, 1), sameEvent = Received(first.Epoch, 2);
        sameEvent.EventId = first.EventId;
        db.Add(first);
        await db.SaveChangesAsync();
        foreach (InboxRecord wrong in new[] { sameNumber, sameEvent, Received(first.Epoch, 0) })
        {
            db.Add(wrong);
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            db.ChangeTracker.Clear();
        }

        db.Add(Received(first.Epoch, 2));
        await db.SaveChangesAsync();
    }

    /// <summary>The same records in whatever order they arrive, any of them twice: the same rows and the same evidence, on both databases.</summary>
    [Fact]
    public async Task Inbox_GivesTheSame_InAnyOrder()
    {
        var random = new Random(4);
        var device = new DeviceCaller("agt-" + Guid.NewGuid().ToString("N")[..8], Guid.NewGuid(), DeviceRole.Receiving);
        for (int round = 0; round < 6; round++)
        {
            var chain = new RecordChain();
            for (int i = 0; i < 30; i++)
            {
                chain.Add("probe", i, Bell.AddSeconds(i));
            }

            StreamAck? ack = null;
            List<int> starts = [.. Enumerable.Range(0, 10).Concat(Enumerable.Range(0, 10))];
            for (int n = starts.Count; n > 0; n--)
            {
                int at = random.Next(n);
                int start = starts[at] * 3;
                starts.RemoveAt(at);
                await using HubDbContext db = Open();
                var inbox = new DeviceInbox(db, [], TimeProvider.System, NullLogger<DeviceInbox>.Instance);
                ack = await inbox.TakeAsync(device, chain.Epoch, chain.Stream, RecordChain.Batch(chain.Records.Skip(start).Take(random.Next(3, 9))), default);
            }

            await using HubDbContext read = Open();
            Assert.Equal(30, ack!.Through);
            Assert.Empty(ack.Missing);
            Assert.Equal(
                chain.Records.Select(r => r.Sha256), await read.Set<InboxRecord>().Where(r => r.Epoch == chain.Epoch).OrderBy(r => r.Sequence).Select(r => r.Sha256).ToListAsync());
            Assert.False(await read.Set<InboxConflict>().AnyAsync(c => c.Epoch == chain.Epoch));
        }
    }

    /// <summary>The same batch many times at the same moment, over connections of their own.</summary>
    [Fact]
    public async Task Inbox_KeepsOnce_WhatComesAtTheSameTime()
    {
        var device = new DeviceCaller("agt-" + Guid.NewGuid().ToString("N")[..8], Guid.NewGuid(), DeviceRole.Receiving);
        var chain = new RecordChain();
        for (int i = 0; i < 40; i++)
        {
            chain.Add("probe", i, Bell.AddSeconds(i));
        }

        StreamAck?[] acks = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using HubDbContext db = Open();
            return await new DeviceInbox(db, [], TimeProvider.System, NullLogger<DeviceInbox>.Instance)
                .TakeAsync(device, chain.Epoch, chain.Stream, RecordChain.Batch(chain.Records), default);
        })));
        Assert.All(acks, a => Assert.Equal(40, a?.Through));
        await using HubDbContext read = Open();
        Assert.Equal(40, await read.Set<InboxRecord>().CountAsync(r => r.Epoch == chain.Epoch));
    }

    [Fact]
    public async Task ADevice_IsInOneRolloutThatGoesOn()
    {
        string device = "agt-" + Guid.NewGuid().ToString("N")[..10];
        await using (HubDbContext db = Open())
        {
            var room = new Classroom { Id = Guid.NewGuid(), Name = "三年级教室", Equipment = DeviceRole.Receiving };
            var school = new School { Id = Guid.NewGuid(), Name = "青山小学" + device, Town = "青山镇", Kind = SchoolKind.Receiving };
            school.Classrooms.Add(room);
            db.AddRange(school, new Device { Id = device, ClassroomId = room.Id, EnrolledAt = Bell }, new StoredRelease { Version = "1.2.3", Sha256 = "a", Bytes = 1, AddedAt = Bell });
            db.AddRange(RolloutOf(device, true), RolloutOf(device, false), RolloutOf(device, false));
            await db.SaveChangesAsync();
        }

        await using HubDbContext second = Open();
        second.Add(RolloutOf(device, true));
        await Assert.ThrowsAsync<DbUpdateException>(() => second.SaveChangesAsync());
        await using HubDbContext asked = Open();
        Rollout without = RolloutOf(device, false);
        without.Devices[0].State = MemberState.Asked;
        asked.Add(without);
        await Assert.ThrowsAsync<DbUpdateException>(() => asked.SaveChangesAsync());

        static Rollout RolloutOf(string device, bool holds)
        {
            var rollout = new Rollout { Id = Guid.NewGuid(), ReleaseVersion = "1.2.3", Shares = "100%", AtOnce = 1, StartedAt = Bell };
            rollout.Devices.Add(new RolloutDevice { RolloutId = rollout.Id, DeviceId = device, Holds = holds });
            return rollout;
        }
    }

    [Fact]
    public async Task Facts_HaveOneOrder()
    {
        await using HubDbContext db = Open();
        Guid lesson = Guid.NewGuid();
        db.Add(LessonEvent.Of(lesson, 1, new LessonFact(LessonFactKind.Opened, Bell)));
        await db.SaveChangesAsync();
        db.Add(LessonEvent.Of(lesson, 1, new LessonFact(LessonFactKind.Missed, Bell)));
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    internal HubDbContext Open() => database.Open();

    /// <summary>A row in every table that is only added to.</summary>
    private protected static async Task AddHistoryAsync(HubDbContext db, int day)
    {
        Occurrence lesson = await AddLessonAsync(db, day);
        StoredJudgement judgement = Judgement(lesson.Id, 1);
        var alert = new Alert { Id = Guid.NewGuid(), Fingerprint = Guid.NewGuid().ToString("N")[..16], StartsAt = Bell };
        db.AddRange(
            judgement, Entry(judgement, lesson, 1.5m), Interval(lesson.Id, Bell), new AuditEntry { At = Bell, Actor = "x", Subject = "y" },
            LessonEvent.Of(lesson.Id, 1, new LessonFact(LessonFactKind.Opened, Bell)), Received(Guid.NewGuid(), 1), new SeatReport { LessonId = lesson.Id, SeatId = "r1", At = Bell, RecordedAt = Bell },
            new InboxGap { DeviceId = "agt-x", Epoch = Guid.NewGuid(), Stream = "metrics", From = 1, Through = 2, ReportedAt = Bell },
            new InboxConflict { DeviceId = "agt-x", Epoch = Guid.NewGuid(), Stream = "evidence", Sequence = 1, Sha256 = "1", Record = "{}", ReceivedAt = Bell },
            new Incident { Id = Guid.NewGuid(), From = Bell, To = Bell.AddMinutes(50), RecordedAt = Bell }, new LessonDecision { Id = Guid.NewGuid(), OccurrenceId = lesson.Id, Reason = "x", At = Bell, DecidedBy = "x" },
            alert, new AlertEvent { AlertId = alert.Id, At = Bell, Kind = AlertEventKind.Raised });
        await db.SaveChangesAsync();
    }

    private static async Task RefusedAsync(HubDbContext db, string sql)
    {
        DbException refused = await Assert.ThrowsAnyAsync<DbException>(() => db.Database.ExecuteSqlRawAsync(sql));
        Assert.Contains(Guards.AppendOnlyMessage, refused.Message, StringComparison.Ordinal);
    }

    private static EvidenceInterval Interval(Guid lesson, DateTimeOffset from) => new()
    {
        LessonId = lesson,
        SeatId = "r1",
        From = from,
        To = from.AddSeconds(5),
        Good = true,
        RecordedAt = from,
    };

    private static InboxRecord Received(Guid epoch, long sequence) => new()
    {
        DeviceId = "agt-x",
        Epoch = epoch,
        Stream = "evidence",
        Sequence = sequence,
        EventId = Guid.NewGuid(),
        Type = "probe",
        Schema = 1,
        ClaimedAt = Bell,
        CorrectedAt = Bell,
        Payload = "{}",
        ReceivedAt = Bell,
    };

    private static StoredJudgement Judgement(Guid occurrence, int revision) =>
        new() { Id = Guid.NewGuid(), OccurrenceId = occurrence, Revision = revision, JudgedAt = Bell, PolicyVersion = "1", Verdict = "{}" };

    private static LedgerEntry Entry(StoredJudgement judgement, Occurrence lesson, decimal hours, CreditRole role = CreditRole.Lecturer) => new()
    {
        Id = Guid.NewGuid(),
        JudgementId = judgement.Id,
        OccurrenceId = lesson.Id,
        TeacherId = lesson.LecturerId,
        Role = role,
        Revision = 1,
        Units = 1,
        Ratio = 1.5m,
        Hours = hours,
        At = Bell,
    };

    private static async Task<Occurrence> AddLessonAsync(HubDbContext db, int day)
    {
        Occurrence lesson = await PlanAsync(db, Bell.AddDays(day));
        db.Add(lesson);
        await db.SaveChangesAsync();
        return lesson;
    }

    /// <summary>A lesson of 40 min in a room and by a lecturer of its own; not yet added.</summary>
    private static async Task<Occurrence> PlanAsync(HubDbContext db, DateTimeOffset starts)
    {
        var school = new School { Id = Guid.NewGuid(), Name = Guid.NewGuid().ToString(), Town = "白杨镇" };
        var room = new Classroom { Id = Guid.NewGuid(), SchoolId = school.Id, Name = "同步教室" };
        var teacher = new Teacher { Id = Guid.NewGuid(), SchoolId = school.Id, Name = "王秀兰" };
        db.AddRange(school, room, teacher);
        await db.SaveChangesAsync();
        var lesson = new Occurrence
        {
            Id = Guid.NewGuid(),
            Subject = "英语",
            Topic = "Unit 4",
            LecturerId = teacher.Id,
            StartsAt = starts,
            EndsAt = starts.AddMinutes(40),
            StandardPeriod = TimeSpan.FromMinutes(40),
            FiledAt = starts.AddDays(-1),
        };
        lesson.Participations.Add(new Participation
        {
            Id = Guid.NewGuid(),
            SeatId = Participation.HostSeat,
            ClassroomId = room.Id,
            StartsAt = lesson.StartsAt,
            EndsAt = lesson.EndsAt,
        });
        return lesson;
    }
}
