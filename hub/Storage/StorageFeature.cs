using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Storage;

internal static class StorageFeature
{
    public static IServiceCollection AddStorage(this IServiceCollection services, HubSettings settings)
    {
        StorageOptions options = settings.Get<StorageOptions>();
        if (options.Provider == StorageProvider.Sqlite)
        {
            string file = new DataFolder(settings.Get<HubOptions>().DataFolder).Database;
            services.AddDbContext<SqliteHubDbContext>(db => db.UseHubSqlite(file, options.BusyTimeout));
            services.AddScoped<HubDbContext>(s => s.GetRequiredService<SqliteHubDbContext>());
        }
        else
        {
            services.AddDbContext<PostgresHubDbContext>(db => db.UseNpgsql(options.ConnectionString));
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
        .AddInterceptors(new SqlitePragmas(busyTimeout));

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
