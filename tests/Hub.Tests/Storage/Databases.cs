using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Tests.Storage;

/// <summary>A fresh database of one kind, migrated.</summary>
public interface IDatabase : IAsyncLifetime
{
    internal HubDbContext Open();
}

public sealed class SqliteDatabase : IDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-sqlite-").FullName;

    HubDbContext IDatabase.Open()
    {
        var options = new DbContextOptionsBuilder<SqliteHubDbContext>();
        options.UseHubSqlite(Path.Combine(_folder, "hub.db"), TimeSpan.FromSeconds(5));
        return new SqliteHubDbContext(options.Options);
    }

    public async Task InitializeAsync()
    {
        await using HubDbContext db = ((IDatabase)this).Open();
        await db.Database.MigrateAsync();
    }

    public Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>A private PostgreSQL cluster in a temporary folder, reached over a Unix socket only.</summary>
public sealed class PostgresDatabase : IDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pg-").FullName;
    private readonly string _programs = FindPrograms();

    HubDbContext IDatabase.Open()
    {
        var options = new DbContextOptionsBuilder<PostgresHubDbContext>();
        options.UseHubPostgres($"Host={_folder};Username=hub;Database=postgres;Pooling=false");
        return new PostgresHubDbContext(options.Options);
    }

    public async Task InitializeAsync()
    {
        string data = Path.Combine(_folder, "data");
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "nobody", _folder); // PostgreSQL refuses to run as root
        }

        await RunAsPostgresAsync("initdb", "-D", data, "-U", "hub", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C");
        await RunAsPostgresAsync(
            "pg_ctl", "-D", data, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-c listen_addresses= -k {_folder} -c fsync=off", "start");
        await using HubDbContext db = ((IDatabase)this).Open();
        await db.Database.MigrateAsync();
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsPostgresAsync("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private static string FindPrograms() =>
        Directory.Exists("/usr/lib/postgresql")
        && Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).LastOrDefault(d => File.Exists(Path.Combine(d, "initdb"))) is { } found
            ? found
            : throw new InvalidOperationException("PostgreSQL is not installed; these tests need it: apt-get install postgresql");

    private Task RunAsPostgresAsync(string program, params string[] args)
    {
        string path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", ["--reuid", "nobody", "--clear-groups", path, .. args])
            : RunAsync(path, args);
    }

    private static async Task RunAsync(string program, params string[] args)
    {
        // The output goes to no pipe: the server that pg_ctl leaves behind would keep it open.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" >/dev/null 2>&1");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(program);
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}: exit code {process.ExitCode}");
    }
}
