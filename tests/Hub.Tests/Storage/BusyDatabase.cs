using Microsoft.Data.Sqlite;
using ThreeClassrooms.Hub.Tests.Hosting;

namespace ThreeClassrooms.Hub.Tests.Storage;

/// <summary>Holds a hub's SQLite file for writing, as a backup or another process would, until it is disposed of.</summary>
internal sealed class BusyDatabase : IAsyncDisposable
{
    private readonly SqliteConnection _connection;

    private BusyDatabase(SqliteConnection connection) => _connection = connection;

    public static async Task<BusyDatabase> HoldAsync(HubHost host)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(host.Folder, "hub.db")};Pooling=false");
        await connection.OpenAsync();
        await ExecuteAsync(connection, "PRAGMA busy_timeout=20000; BEGIN IMMEDIATE;");
        return new BusyDatabase(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync(_connection, "ROLLBACK;");
        await _connection.DisposeAsync();
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
