using System.Text.Json;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>One value in one file of the data folder, whole at any moment. A file that is damaged or not there is no value; a disk that is full keeps the old one.</summary>
internal sealed class JsonFile<T>(string path)
    where T : class
{
    public T? Load()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Wire.Json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <returns>False: the disk did not take it.</returns>
    public bool TrySave(T value)
    {
        try
        {
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, Wire.Json));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
