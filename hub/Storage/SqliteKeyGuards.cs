using Microsoft.EntityFrameworkCore.Migrations;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>
/// SQLite's <c>INSERT OR REPLACE</c> removes the row whose key is taken, and fires no delete trigger for it unless the connection asks for
/// recursive triggers. So the insert itself is refused when any key of an append-only table is taken, whoever is connected.
/// </summary>
internal static class SqliteKeyGuards
{
    /// <summary>Unique keys beside the row's number and its <c>Id</c>, as of this migration.</summary>
    private static readonly Dictionary<string, string[][]> Keys = new(StringComparer.Ordinal)
    {
        ["AlertEvents"] = [],
        ["AuditEntries"] = [],
        ["EvidenceIntervals"] = [],
        ["Incidents"] = [],
        ["InboxConflicts"] = [["DeviceId", "Epoch", "Stream", "Sequence", "Sha256"]],
        ["InboxGaps"] = [["DeviceId", "Epoch", "Stream", "From", "Through"]],
        ["InboxRecords"] = [["DeviceId", "Epoch", "Stream", "Sequence"], ["EventId"]],
        ["Judgements"] = [["OccurrenceId", "Revision"]],
        ["LedgerEntries"] = [["OccurrenceId", "TeacherId", "Role", "Revision", "Kind"], ["ReversesId"]],
        ["LessonDecisions"] = [],
        ["LessonEvents"] = [["LessonId", "Sequence"]],
        ["SeatReports"] = [],
    };

    public static void RefuseReplacement(MigrationBuilder migrationBuilder)
    {
        foreach ((string table, string[][] keys) in Keys)
        {
            string[] taken =
            [
                $"""EXISTS (SELECT 1 FROM "{table}" WHERE rowid = NEW.rowid)""",
                .. keys.Prepend(["Id"]).Select(key => $"""EXISTS (SELECT 1 FROM "{table}" WHERE {string.Join(" AND ", key.Select(k => $"\"{k}\" = NEW.\"{k}\""))})"""),
            ];
            migrationBuilder.Sql($"""
                CREATE TRIGGER "TR_{table}_INSERT" BEFORE INSERT ON "{table}" WHEN {string.Join(" OR ", taken)}
                BEGIN SELECT RAISE(ABORT, '{Guards.AppendOnlyMessage}: {table}'); END;
                """);
        }
    }
}
