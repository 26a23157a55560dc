using Microsoft.Data.Sqlite;
using Npgsql;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>What of a planned lesson a guard found taken.</summary>
internal enum Booking
{
    Classroom,
    Lecturer,
    Assistant,
}

/// <summary>Reads what a database said when it refused something. Both databases, whatever wraps their words.</summary>
internal static class DatabaseWords
{
    /// <summary>SQLITE_BUSY and SQLITE_LOCKED.</summary>
    private static readonly int[] BusyCodes = [5, 6];

    /// <returns>Null: no guard against double booking spoke, something else went wrong.</returns>
    public static Booking? GuardIn(Exception fault) => Innermost(fault) switch
    {
        SqliteException sqlite => OfSqlite(sqlite.Message),
        PostgresException postgres => OfPostgres(postgres),
        _ => null,
    };

    /// <summary>Two transactions met that would have seen each other's changes (PostgreSQL 40001, 40P01): the same again will do.</summary>
    public static bool IsCollision(Exception fault) =>
        Innermost(fault) is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>Another writer held the database for longer than was waited.</summary>
    public static bool IsBusy(Exception fault) => Innermost(fault) switch
    {
        SqliteException sqlite => BusyCodes.Contains(sqlite.SqliteErrorCode),
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.TooManyConnections,
        _ => false,
    };

    /// <summary>The database's own exception inside the wrappings, or the outermost when there is none.</summary>
    private static Exception Innermost(Exception fault)
    {
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is SqliteException or PostgresException)
            {
                return inner;
            }
        }

        return fault;
    }

    private static Booking? OfSqlite(string words) =>
        words.Contains($"{Guards.DoubleBookingMessage}: classroom", StringComparison.Ordinal)
            || words.Contains("Participations.ClassroomId, Participations.StartsAt", StringComparison.Ordinal) ? Booking.Classroom
        : words.Contains($"{Guards.DoubleBookingMessage}: lecturer", StringComparison.Ordinal)
            || words.Contains("Occurrences.LecturerId, Occurrences.StartsAt", StringComparison.Ordinal) ? Booking.Lecturer
        : words.Contains($"{Guards.DoubleBookingMessage}: assistant", StringComparison.Ordinal) ? Booking.Assistant
        : null;

    private static Booking? OfPostgres(PostgresException fault) => fault.ConstraintName switch
    {
        "EX_Participations_Booking" or "IX_Participations_ClassroomId_StartsAt" => Booking.Classroom,
        "EX_Occurrences_Booking" or "IX_Occurrences_LecturerId_StartsAt" => Booking.Lecturer,
        "EX_Participations_Assistant" => Booking.Assistant,
        _ => fault.SqlState == PostgresErrorCodes.RaiseException ? OfSqlite(fault.MessageText) : null,
    };
}
