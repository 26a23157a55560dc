using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Storage;

internal enum StorageProvider
{
    Sqlite,
    Postgres,
}

/// <summary>Section <c>Storage</c>.</summary>
[Section("Storage")]
internal sealed record StorageOptions : IValidatableObject
{
    /// <summary>Sqlite keeps one file in the data folder; Postgres uses <see cref="ConnectionString"/>.</summary>
    public StorageProvider Provider { get; init; } = StorageProvider.Sqlite;

    /// <summary>Npgsql connection string; only with Postgres. Better given in the environment (Storage__ConnectionString) than in the file.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>How long a write waits for another writer (SQLite). 1 s to 1 min; default 5 s, so that people are answered before they give up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider == StorageProvider.Postgres && ConnectionString.Length == 0)
        {
            yield return new ValidationResult("must be given when Storage:Provider is Postgres", [nameof(ConnectionString)]);
        }
    }
}
