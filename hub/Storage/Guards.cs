using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>What the model cannot say and the database must refuse: changed history, doubly booked rooms and lecturers.</summary>
internal static class Guards
{
    /// <summary>Rows of these tables are facts: they are added, never changed, never removed.</summary>
    public static IReadOnlyList<string> AppendOnlyTables => [.. FirstTables, .. InboxTables, .. AlertTables, .. JudgingTables];

    /// <summary>Those that were there from the beginning.</summary>
    internal static readonly IReadOnlyList<string> FirstTables = ["AuditEntries", "EvidenceIntervals", "Judgements", "LedgerEntries", "LessonEvents"];

    /// <summary>What devices hand in.</summary>
    internal static readonly IReadOnlyList<string> InboxTables = ["InboxConflicts", "InboxGaps", "InboxRecords", "SeatReports"];

    /// <summary>What was done about alerts.</summary>
    internal static readonly IReadOnlyList<string> AlertTables = ["AlertEvents"];

    /// <summary>What people decided about lessons, and what kept lessons from being observed.</summary>
    internal static readonly IReadOnlyList<string> JudgingTables = ["Incidents", "LessonDecisions"];

    public const string AppendOnlyMessage = "append-only";

    public const string DoubleBookingMessage = "double booking";

    /// <summary>Phases, as SQL, in which the lecturer is free for another lesson at the same time.</summary>
    internal const string LecturerFree = "'Cancelled', 'Ended', 'Judged'";

    /// <summary>Lessons that are over and not judged, or undetermined, are judged at once when the hub first starts on this shape.</summary>
    internal const string AwaitJudgement = """
        UPDATE "Occurrences" SET "JudgeAt" = "EndsAt" WHERE "Phase" IN ('Ended', 'Judged', 'Missed', 'Cancelled') AND COALESCE((
            SELECT j."Status" FROM "Judgements" j WHERE j."OccurrenceId" = "Occurrences"."Id" ORDER BY j."Revision" DESC LIMIT 1), 'Undetermined') = 'Undetermined';
        """;
}

[DbContext(typeof(SqliteHubDbContext))]
[Migration("20260101000001_Guards")]
internal sealed class SqliteGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        RefuseChanges(migrationBuilder, Guards.FirstTables);

        foreach (string change in new[] { "INSERT", "UPDATE" })
        {
            migrationBuilder.Sql($"""
                CREATE TRIGGER "TR_Participations_Booking_{change}" BEFORE {change} ON "Participations"
                WHEN NEW."Booked" AND EXISTS (
                    SELECT 1 FROM "Participations" p WHERE p."Id" <> NEW."Id" AND p."ClassroomId" = NEW."ClassroomId" AND p."Booked"
                    AND p."StartsAt" < NEW."EndsAt" AND NEW."StartsAt" < p."EndsAt")
                BEGIN SELECT RAISE(ABORT, '{Guards.DoubleBookingMessage}: classroom'); END;
                """);
            migrationBuilder.Sql($"""
                CREATE TRIGGER "TR_Occurrences_Booking_{change}" BEFORE {change} ON "Occurrences"
                WHEN NEW."Phase" <> 'Cancelled' AND EXISTS (
                    SELECT 1 FROM "Occurrences" o WHERE o."Id" <> NEW."Id" AND o."LecturerId" = NEW."LecturerId" AND o."Phase" <> 'Cancelled'
                    AND o."StartsAt" < NEW."EndsAt" AND NEW."StartsAt" < o."EndsAt")
                BEGIN SELECT RAISE(ABORT, '{Guards.DoubleBookingMessage}: lecturer'); END;
                """);
        }
    }

    internal static void RefuseChanges(MigrationBuilder migrationBuilder, IEnumerable<string> tables)
    {
        foreach (string table in tables)
        {
            foreach (string change in new[] { "UPDATE", "DELETE" })
            {
                migrationBuilder.Sql($"""
                    CREATE TRIGGER "TR_{table}_{change}" BEFORE {change} ON "{table}"
                    BEGIN SELECT RAISE(ABORT, '{Guards.AppendOnlyMessage}: {table}'); END;
                    """);
            }
        }
    }
}

[DbContext(typeof(SqliteHubDbContext))]
[Migration("20261122130000_InboxGuards")]
internal sealed class SqliteInboxGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => SqliteGuards.RefuseChanges(migrationBuilder, Guards.InboxTables);
}

[DbContext(typeof(SqliteHubDbContext))]
[Migration("20261122160000_AlertGuards")]
internal sealed class SqliteAlertGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => SqliteGuards.RefuseChanges(migrationBuilder, Guards.AlertTables);
}

/// <summary>A lesson that is over no longer holds its lecturer, and nothing waits to be judged that was judged for good.</summary>
[DbContext(typeof(SqliteHubDbContext))]
[Migration("20261130180000_LessonEndGuards")]
internal sealed class SqliteLessonEndGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (string change in new[] { "INSERT", "UPDATE" })
        {
            migrationBuilder.Sql($"""DROP TRIGGER "TR_Occurrences_Booking_{change}";""");
            migrationBuilder.Sql($"""
                CREATE TRIGGER "TR_Occurrences_Booking_{change}" BEFORE {change} ON "Occurrences"
                WHEN NEW."Phase" NOT IN ({Guards.LecturerFree}) AND EXISTS (
                    SELECT 1 FROM "Occurrences" o WHERE o."Id" <> NEW."Id" AND o."LecturerId" = NEW."LecturerId" AND o."Phase" NOT IN ({Guards.LecturerFree})
                    AND o."StartsAt" < NEW."EndsAt" AND NEW."StartsAt" < o."EndsAt")
                BEGIN SELECT RAISE(ABORT, '{Guards.DoubleBookingMessage}: lecturer'); END;
                """);
        }

        migrationBuilder.Sql(Guards.AwaitJudgement);
    }
}

/// <summary>Nobody is in two places: an assistant assists in one room at a time and does not lecture meanwhile.</summary>
[DbContext(typeof(SqliteHubDbContext))]
[Migration("20261130181000_PersonGuards")]
internal sealed class SqlitePersonGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach ((string name, string change) in new[] { ("INSERT", "INSERT"), ("UPDATE", "UPDATE OF \"AssistantId\", \"StartsAt\", \"EndsAt\", \"Booked\"") })
        {
            migrationBuilder.Sql($"""
                CREATE TRIGGER "TR_Participations_Assistant_{name}" BEFORE {change} ON "Participations"
                WHEN NEW."Booked" AND NEW."AssistantId" IS NOT NULL AND (EXISTS (
                    SELECT 1 FROM "Participations" p WHERE p."Id" <> NEW."Id" AND p."AssistantId" = NEW."AssistantId" AND p."Booked"
                    AND p."StartsAt" < NEW."EndsAt" AND NEW."StartsAt" < p."EndsAt")
                OR EXISTS (
                    SELECT 1 FROM "Occurrences" o WHERE o."LecturerId" = NEW."AssistantId" AND o."Phase" NOT IN ({Guards.LecturerFree})
                    AND o."StartsAt" < NEW."EndsAt" AND NEW."StartsAt" < o."EndsAt"))
                BEGIN SELECT RAISE(ABORT, '{Guards.DoubleBookingMessage}: assistant'); END;
                """);
        }

        foreach ((string name, string change) in new[] { ("INSERT", "INSERT"), ("UPDATE", "UPDATE OF \"LecturerId\", \"StartsAt\", \"EndsAt\"") })
        {
            migrationBuilder.Sql($"""
                CREATE TRIGGER "TR_Occurrences_Assistant_{name}" BEFORE {change} ON "Occurrences"
                WHEN NEW."Phase" NOT IN ({Guards.LecturerFree}) AND EXISTS (
                    SELECT 1 FROM "Participations" p WHERE p."AssistantId" = NEW."LecturerId" AND p."Booked"
                    AND p."StartsAt" < NEW."EndsAt" AND NEW."StartsAt" < p."EndsAt")
                BEGIN SELECT RAISE(ABORT, '{Guards.DoubleBookingMessage}: lecturer'); END;
                """);
        }
    }
}

[DbContext(typeof(PostgresHubDbContext))]
[Migration("20260101000001_Guards")]
internal sealed class PostgresGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql($"""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{Guards.AppendOnlyMessage}: %', TG_TABLE_NAME; END $$;
            """);
        RefuseChanges(migrationBuilder, Guards.FirstTables);

        // An exclusion constraint holds under concurrent writers, which a trigger would not.
        migrationBuilder.Sql("""
            CREATE EXTENSION IF NOT EXISTS btree_gist;
            ALTER TABLE "Participations" ADD CONSTRAINT "EX_Participations_Booking"
                EXCLUDE USING gist ("ClassroomId" WITH =, tstzrange("StartsAt", "EndsAt") WITH &&) WHERE ("Booked");
            ALTER TABLE "Occurrences" ADD CONSTRAINT "EX_Occurrences_Booking"
                EXCLUDE USING gist ("LecturerId" WITH =, tstzrange("StartsAt", "EndsAt") WITH &&) WHERE ("Phase" <> 'Cancelled');
            """);
    }

    internal static void RefuseChanges(MigrationBuilder migrationBuilder, IEnumerable<string> tables)
    {
        foreach (string table in tables)
        {
            migrationBuilder.Sql($"""
                CREATE TRIGGER "TR_{table}_Change" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change();
                CREATE TRIGGER "TR_{table}_Truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
                """);
        }
    }
}

[DbContext(typeof(PostgresHubDbContext))]
[Migration("20261122130000_InboxGuards")]
internal sealed class PostgresInboxGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => PostgresGuards.RefuseChanges(migrationBuilder, Guards.InboxTables);
}

[DbContext(typeof(PostgresHubDbContext))]
[Migration("20261122160000_AlertGuards")]
internal sealed class PostgresAlertGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => PostgresGuards.RefuseChanges(migrationBuilder, Guards.AlertTables);
}

/// <inheritdoc cref="SqliteLessonEndGuards"/>
[DbContext(typeof(PostgresHubDbContext))]
[Migration("20261130180000_LessonEndGuards")]
internal sealed class PostgresLessonEndGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql($"""
            ALTER TABLE "Occurrences" DROP CONSTRAINT "EX_Occurrences_Booking";
            ALTER TABLE "Occurrences" ADD CONSTRAINT "EX_Occurrences_Booking"
                EXCLUDE USING gist ("LecturerId" WITH =, tstzrange("StartsAt", "EndsAt") WITH &&) WHERE ("Phase" NOT IN ({Guards.LecturerFree}));
            """);
        migrationBuilder.Sql(Guards.AwaitJudgement);
    }
}

/// <inheritdoc cref="SqlitePersonGuards"/>
[DbContext(typeof(PostgresHubDbContext))]
[Migration("20261130181000_PersonGuards")]
internal sealed class PostgresPersonGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // A constraint needs rows that keep it: who was named for two rooms at once stays in the first.
        migrationBuilder.Sql("""
            UPDATE "Participations" p SET "AssistantId" = NULL WHERE p."Booked" AND EXISTS (
                SELECT 1 FROM "Participations" q WHERE q."Booked" AND q."AssistantId" = p."AssistantId" AND q."Id" < p."Id"
                AND q."StartsAt" < p."EndsAt" AND p."StartsAt" < q."EndsAt");
            ALTER TABLE "Participations" ADD CONSTRAINT "EX_Participations_Assistant"
                EXCLUDE USING gist ("AssistantId" WITH =, tstzrange("StartsAt", "EndsAt") WITH &&) WHERE ("Booked" AND "AssistantId" IS NOT NULL);
            """);

        // Two tables are beyond a constraint. The lock makes those wait for each other who write about the same person.
        migrationBuilder.Sql($"""
            CREATE FUNCTION refuse_busy_assistant() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock(hashtextextended(NEW."AssistantId"::text, 0));
                IF EXISTS (SELECT 1 FROM "Occurrences" o WHERE o."LecturerId" = NEW."AssistantId" AND o."Phase" NOT IN ({Guards.LecturerFree})
                    AND o."StartsAt" < NEW."EndsAt" AND NEW."StartsAt" < o."EndsAt") THEN
                    RAISE EXCEPTION '{Guards.DoubleBookingMessage}: assistant';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER "TR_Participations_Assistant" BEFORE INSERT OR UPDATE OF "AssistantId", "StartsAt", "EndsAt", "Booked" ON "Participations"
                FOR EACH ROW WHEN (NEW."Booked" AND NEW."AssistantId" IS NOT NULL) EXECUTE FUNCTION refuse_busy_assistant();
            CREATE FUNCTION refuse_busy_lecturer() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock(hashtextextended(NEW."LecturerId"::text, 0));
                IF EXISTS (SELECT 1 FROM "Participations" p WHERE p."AssistantId" = NEW."LecturerId" AND p."Booked"
                    AND p."StartsAt" < NEW."EndsAt" AND NEW."StartsAt" < p."EndsAt") THEN
                    RAISE EXCEPTION '{Guards.DoubleBookingMessage}: lecturer';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER "TR_Occurrences_Assistant" BEFORE INSERT OR UPDATE OF "LecturerId", "StartsAt", "EndsAt" ON "Occurrences"
                FOR EACH ROW WHEN (NEW."Phase" NOT IN ({Guards.LecturerFree})) EXECUTE FUNCTION refuse_busy_lecturer();
            """);
    }
}
