using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>
/// The SQLite file behind the outbox: write-ahead log, a sync at every commit, one connection. Not thread-safe. Every call may throw
/// <see cref="SqliteException"/>; see <see cref="IsDamage"/>.
/// </summary>
internal sealed class OutboxFile : IDisposable
{
    private const int InputOutput = 10, Corrupt = 11, Full = 13, NotADatabase = 26;

    private const string Shape = """
        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS epochs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS streams (
            epoch TEXT NOT NULL, stream TEXT NOT NULL, last INTEGER NOT NULL, hash TEXT NOT NULL, acked INTEGER NOT NULL,
            PRIMARY KEY (epoch, stream)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS records (
            epoch TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL, schema INTEGER NOT NULL,
            at INTEGER NOT NULL, mono INTEGER NOT NULL, boot TEXT NOT NULL, clock INTEGER NOT NULL, "offset" INTEGER, error INTEGER,
            payload TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, refusals INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (epoch, stream, seq));
        CREATE TABLE IF NOT EXISTS gaps (
            epoch TEXT NOT NULL, stream TEXT NOT NULL, first INTEGER NOT NULL, through INTEGER NOT NULL, reason INTEGER NOT NULL,
            PRIMARY KEY (epoch, stream, first, through)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS acks (
            epoch TEXT NOT NULL, stream TEXT NOT NULL, at INTEGER NOT NULL, through INTEGER NOT NULL, PRIMARY KEY (epoch, stream, at)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dead_letters (
            epoch TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL,
            payload TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (epoch, stream, seq));
        """;

    private readonly SqliteConnection _connection;
    private SqliteTransaction? _transaction;

    private OutboxFile(SqliteConnection connection) => _connection = connection;

    /// <exception cref="SqliteException">The file is damaged (<see cref="IsDamage"/>), or the disk does not let us.</exception>
    public static OutboxFile Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            var file = new OutboxFile(connection);
            // A small log and small checkpoints: a nearly full disk must not fail at them first.
            file.Run("PRAGMA journal_mode=WAL");
            file.Run("PRAGMA synchronous=FULL");
            file.Run("PRAGMA wal_autocheckpoint=256");
            file.Run("PRAGMA journal_size_limit=1048576");
            if (file.Text("PRAGMA quick_check(1)") is var said && said != "ok")
            {
                throw new SqliteException(said ?? "not checked", Corrupt);
            }

            file.Run(Shape);
            return file;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The file itself is broken; any other fault is the disk's and may pass.</summary>
    public static bool IsDamage(SqliteException fault) => fault.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>The disk has no room; some file systems call it a fault of input and output.</summary>
    public static bool IsFull(SqliteException fault) => fault.SqliteErrorCode is Full or InputOutput;

    /// <summary>Bytes in use, free pages not counted.</summary>
    public long UsedBytes() => (Number("PRAGMA page_count") - Number("PRAGMA freelist_count")) * Number("PRAGMA page_size");

    /// <summary>All or nothing, synced to the disk when this returns.</summary>
    public void InOneCommit(Action work)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _transaction = transaction;
        try
        {
            work();
            transaction.Commit();
        }
        finally
        {
            _transaction = null;
        }
    }

    public int Run(string sql, params object?[] values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <returns>The first column of the first row; 0 when there is none.</returns>
    public long Number(string sql, params object?[] values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteScalar() is { } found and not DBNull ? Convert.ToInt64(found, CultureInfo.InvariantCulture) : 0;
    }

    /// <returns>The first column of the first row; null when there is none.</returns>
    public string? Text(string sql, params object?[] values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteScalar() as string;
    }

    public List<T> List<T>(string sql, Func<SqliteDataReader, T> read, params object?[] values)
    {
        using SqliteCommand command = Command(sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> found = [];
        while (reader.Read())
        {
            found.Add(read(reader));
        }

        return found;
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Values take the places $0, $1, …</summary>
    private SqliteCommand Command(string sql, object?[] values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            object? value = values[i] is Guid id ? id.ToString() : values[i];
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), value ?? DBNull.Value);
        }

        return command;
    }
}
