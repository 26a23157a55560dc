using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>Tells what a failed write is owed to. Pure.</summary>
internal static class StorageFault
{
    // SQLite: TOOBIG, CONSTRAINT, MISMATCH, RANGE.
    private static readonly int[] SqliteOfTheData = [18, 19, 20, 25];

    /// <returns>
    /// True: the rows themselves are not acceptable, trying them again will not help; false: the database is busy, full, away or damaged, and they may
    /// pass later.
    /// </returns>
    public static bool IsOfTheData(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case PostgresException postgres:
                    return postgres.SqlState.StartsWith("22", StringComparison.Ordinal) || postgres.SqlState.StartsWith("23", StringComparison.Ordinal);
                case SqliteException sqlite:
                    return SqliteOfTheData.Contains(sqlite.SqliteErrorCode);
                case NpgsqlException or OperationCanceledException or TimeoutException or ObjectDisposedException:
                    return false;
                case ArgumentException or InvalidCastException or OverflowException or FormatException:
                    return true; // the driver itself could not write it down
                default:
                    break;
            }
        }

        // A row that was to be changed and is gone, or one that the model itself refuses.
        return fault is DbUpdateException or InvalidOperationException;
    }
}
