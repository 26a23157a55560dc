using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>
/// The hub's database. Entities and their mapping live in the feature folders; here are only the rules that hold for all:
/// times are UTC, time spans are ticks, enums are stored by name, decimals are exact hundredths.
/// </summary>
internal abstract class HubDbContext(DbContextOptions options) : IdentityDbContext<Account, IdentityRole<Guid>, Guid>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(HubDbContext).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UtcInstantConverter>();
        conventions.Properties<TimeSpan>().HaveConversion<long>();
        conventions.Properties<decimal>().HavePrecision(9, 2);
        conventions.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);
    }
}

/// <summary>The embedded database: one file in the data folder, write-ahead log, every commit synced.</summary>
internal sealed class SqliteHubDbContext(DbContextOptions<SqliteHubDbContext> options) : HubDbContext(options);

/// <summary>The same model on a PostgreSQL server.</summary>
internal sealed class PostgresHubDbContext(DbContextOptions<PostgresHubDbContext> options) : HubDbContext(options);
