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

    /// <summary>The key that releases are signed for, as the hub gave it at enrolment.</summary>
    public static string ReleaseKeyFile(string data) => Path.Combine(data, "release-key.pem");

    /// <summary>Kept from the first enrolment on: a hub in wrong hands must not bring another.</summary>
    public void SaveReleaseKey(string pem)
    {
        if (!File.Exists(ReleaseKeyFile(data)))
        {
            AtomicFile.Write(ReleaseKeyFile(data), System.Text.Encoding.UTF8.GetBytes(pem));
        }
    }

    public void Save(Identity identity) => AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(identity, Wire.Json));
}
