using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Timetable;

/// <summary>The device's own copy of its timetable, <c>timetable.json</c> in the data folder; what lessons are held by while the hub is away.</summary>
internal sealed class TimetableStore(string data)
{
    private readonly string _path = Path.Combine(data, "timetable.json");

    /// <summary>Null: never fetched, or unreadable (then it is fetched again as if never).</summary>
    public StoredTimetable? Load()
    {
        try
        {
            return JsonSerializer.Deserialize<StoredTimetable>(File.ReadAllBytes(_path), Wire.Json) is { Timetable: not null } stored ? stored : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Save(StoredTimetable stored) => AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(stored, Wire.Json));
}

/// <param name="ClockOffset">Hub clock minus device clock as known when it was fetched, for a start without the hub.</param>
internal sealed record StoredTimetable(DeviceTimetable Timetable, string? ETag, DateTimeOffset FetchedAt, TimeSpan ClockOffset);
