using System.Text.Json;

namespace ThreeClassrooms.Agent.Enrolment;

/// <summary>Keeps the identity in <c>identity.json</c> of the data folder.</summary>
internal sealed class IdentityStore(string data)
{
    private readonly string _path = Path.Combine(data, "identity.json");

    /// <summary>Null: not enrolled yet, or the file is not one of ours.</summary>
    public Identity? Load()
    {
        try
        {
            return JsonSerializer.Deserialize<Identity>(File.ReadAllBytes(_path), Wire.Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Save(Identity identity) => AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(identity, Wire.Json));
}
