using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>Whether the database is in itself what it should be.</summary>
internal static class DatabaseCheck
{
    /// <summary>SQLite reads a file of this size through within seconds; of a larger one only the head is looked at.</summary>
    private const long MostBytes = 1L << 30;

    /// <returns>Null: nothing found; else the first finding, for the log. A database server looks after its own pages.</returns>
    public static async Task<string?> FindAsync(HubDbContext db, CancellationToken stop)
    {
        if (db is not SqliteHubDbContext)
        {
            return null;
        }

        try
        {
            DbConnection connection = db.Database.GetDbConnection();
            await db.Database.OpenConnectionAsync(stop);
            await using DbCommand check = connection.CreateCommand();
            bool whole = new FileInfo(connection.DataSource) is { Exists: true, Length: < MostBytes };
            check.CommandText = whole ? "PRAGMA quick_check(1)" : "PRAGMA schema_version";
            string? finding = (await check.ExecuteScalarAsync(stop))?.ToString();
            return !whole || finding == "ok" ? null : finding;
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is 11 or 26) // CORRUPT, NOTADB
        {
            return damaged.Message;
        }
    }
}
