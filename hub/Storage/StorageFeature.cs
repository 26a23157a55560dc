using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Storage;

internal static class StorageFeature
{
    /// <summary>SQLite waits for another writer on the caller's thread: so many may wait before anybody else has to.</summary>
    private const int ThreadsForWaiting = 48;

    public static IServiceCollection AddStorage(this IServiceCollection services, HubSettings settings)
    {
        StorageOptions options = settings.Get<StorageOptions>();
        if (options.Provider == StorageProvider.Sqlite)
        {
            ThreadPool.GetMinThreads(out int workers, out int ports);
            ThreadPool.SetMinThreads(Math.Max(workers, ThreadsForWaiting), ports);
            string file = new DataFolder(settings.Get<HubOptions>().DataFolder).Database;
            services.AddDbContext<SqliteHubDbContext>(db => db.UseHubSqlite(file, options.BusyTimeout));
            services.AddScoped<HubDbContext>(s => s.GetRequiredService<SqliteHubDbContext>());
        }
        else
        {
            services.AddDbContext<PostgresHubDbContext>(db => db.UseHubPostgres(options.ConnectionString));
            services.AddScoped<HubDbContext>(s => s.GetRequiredService<PostgresHubDbContext>());
        }

        return services;
    }

    public static DbContextOptionsBuilder UseHubSqlite(this DbContextOptionsBuilder db, string file, TimeSpan busyTimeout) => db
        .UseSqlite(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = (int)busyTimeout.TotalSeconds,
        }.ToString())
        .AddInterceptors(new SqlitePragmas(busyTimeout), StorableParameters.Instance);

    public static DbContextOptionsBuilder UseHubPostgres(this DbContextOptionsBuilder db, string connection) =>
        db.UseNpgsql(connection).AddInterceptors(StorableParameters.Instance);

    /// <summary>Which database a command works on, in a line for people; it is opened and made by nothing here.</summary>
    public static string SayDatabase(this IServiceProvider services)
    {
        Text text = services.GetRequiredService<Text>();
        StorageOptions options = services.GetRequiredService<StorageOptions>();
        if (options.Provider == StorageProvider.Postgres)
        {
            var server = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            return text["Hub.Database", $"PostgreSQL {server.Host}/{server.Database}"];
        }

        string file = services.GetRequiredService<DataFolder>().Database;
        return text[File.Exists(file) ? "Hub.Database" : "Hub.DatabaseNew", file];
    }

    /// <summary>Brings the database to this version's shape.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken stop = default)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();

        // Asked first: migrating takes a lock that a hub killed at the wrong moment would leave behind.
        if ((await db.Database.GetPendingMigrationsAsync(stop)).Any())
        {
            await db.Database.MigrateAsync(stop);
        }
    }
}
