using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>Decisions and incidents are only added to; no row of history is replaced.</summary>
[DbContext(typeof(SqliteHubDbContext))]
[Migration("20261130171200_JudgingGuards")]
internal sealed class SqliteJudgingGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        SqliteGuards.RefuseChanges(migrationBuilder, Guards.JudgingTables);
        SqliteKeyGuards.RefuseReplacement(migrationBuilder);
    }
}

/// <inheritdoc cref="SqliteJudgingGuards"/>
[DbContext(typeof(PostgresHubDbContext))]
[Migration("20261130171200_JudgingGuards")]
internal sealed class PostgresJudgingGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => PostgresGuards.RefuseChanges(migrationBuilder, Guards.JudgingTables);
}
