using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Timetable;

/// <summary>What the planner makes of a database that refuses: a booking only where a guard said so; else tried anew, or said and logged.</summary>
public sealed class PlannerStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("planner-").FullName;
    private readonly Lines _log = new();
    private readonly Refusing _refusing = new();
    private NewOccurrence _wanted = null!;

    [Fact]
    public async Task UnknownFault_IsNoDoubleBooking_AndIsLogged()
    {
        _refusing.Faults.Enqueue(new SqliteException("disk I/O error", 10));
        Assert.Equal(TimetableRefusal.NotStored, (await PlanAsync()).Refusal);
        Assert.Contains(_log.Kept, l => l.Exception is not null);
    }

    [Fact]
    public async Task HeldDatabase_IsSaid_AndNothingIsLeftBehind()
    {
        _refusing.Faults.Enqueue(new SqliteException("database is locked", 5));
        Assert.Equal(TimetableRefusal.Busy, (await PlanAsync()).Refusal);
        Assert.True((await PlanAsync()).IsOk);
    }

    [Fact]
    public async Task TransactionsThatMet_AreTriedAnew()
    {
        _refusing.Faults.Enqueue(new PostgresException("could not serialize access", "ERROR", "ERROR", PostgresErrorCodes.SerializationFailure));
        _refusing.Faults.Enqueue(new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected));
        Assert.True((await PlanAsync()).IsOk);
        Assert.Empty(_refusing.Faults);
    }

    [Fact]
    public async Task GuardThatSpoke_IsTheReason()
    {
        _refusing.Faults.Enqueue(new SqliteException($"SQLite Error 19: '{Guards.DoubleBookingMessage}: lecturer'.", 19));
        Assert.Equal(TimetableRefusal.LecturerTaken, (await PlanAsync()).Refusal);
    }

    public async Task InitializeAsync()
    {
        await using HubDbContext db = Open();
        await db.Database.MigrateAsync();
        var school = new School { Id = Guid.NewGuid(), Name = "城关小学", Town = "城关镇" };
        Classroom[] rooms = [new() { Id = Guid.NewGuid(), SchoolId = school.Id, Name = "一" }, new() { Id = Guid.NewGuid(), SchoolId = school.Id, Name = "二" }];
        var teacher = new Teacher { Id = Guid.NewGuid(), SchoolId = school.Id, Name = "王秀兰" };
        db.Add(school);
        db.AddRange(rooms);
        db.Add(teacher);
        await db.SaveChangesAsync();
        DateTimeOffset starts = DateTimeOffset.UtcNow.AddDays(1);
        _wanted = new NewOccurrence(
            LessonMode.Dedicated, "英语", "Unit 4", Stage.Primary, teacher.Id, rooms[0].Id, [new NewReceiver(rooms[1].Id)], starts, starts.AddMinutes(40), TimeSpan.FromMinutes(40));
    }

    public Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private async Task<Result<Occurrence, TimetableRefusal>> PlanAsync()
    {
        await using HubDbContext db = Open();
        return await new TimetablePlanner(db, new TimetableNews(), new AuditTrail(db, TimeProvider.System, new HttpContextAccessor()), TimeProvider.System, _log).CreateAsync(_wanted);
    }

    private SqliteHubDbContext Open()
    {
        var options = new DbContextOptionsBuilder<SqliteHubDbContext>();
        options.UseHubSqlite(Path.Combine(_folder, "hub.db"), TimeSpan.FromSeconds(5)).AddInterceptors(_refusing);
        return new SqliteHubDbContext(options.Options);
    }

    /// <summary>Throws the next fault at the commit, where PostgreSQL says such things too.</summary>
    private sealed class Refusing : DbTransactionInterceptor
    {
        public Queue<Exception> Faults { get; } = new();

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            Faults.TryDequeue(out Exception? fault) ? throw fault : ValueTask.FromResult(result);
    }

    private sealed class Lines : ILogger<TimetablePlanner>
    {
        public List<(LogLevel Level, Exception? Exception)> Kept { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Kept.Add((logLevel, exception));
    }
}
