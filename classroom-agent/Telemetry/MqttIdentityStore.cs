using System.Text;
using System.Text.Json;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>Keeps the MQTT identity in <c>mqtt.json</c> of the data folder, and the broker's certificate beside it as the client library wants it.</summary>
internal sealed class MqttIdentityStore(string data)
{
    private readonly string _path = Path.Combine(data, "mqtt.json");

    public string TrustFile { get; } = Path.Combine(data, "mqtt-trust.pem");

    /// <summary>Null: the hub has given none yet, or the file is not one of ours. Another can be had from the hub at any time.</summary>
    public MqttIdentity? Load()
    {
        try
        {
            return JsonSerializer.Deserialize<MqttIdentity>(File.ReadAllBytes(_path), Wire.Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <returns>False: the disk does not take it; what was there is still there.</returns>
    public bool TrySave(MqttIdentity identity)
    {
        try
        {
            AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(identity, Wire.Json));
            return TryWriteTrust(identity);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>An identity of another enrolment is of no use.</summary>
    public void Forget() => File.Delete(_path);

    /// <summary>Writes the certificate out again when it is missing.</summary>
    /// <returns>False: the disk does not take it.</returns>
    public bool TryWriteTrust(MqttIdentity identity)
    {
        try
        {
            if (identity.Certificate is { } certificate && (!File.Exists(TrustFile) || File.ReadAllText(TrustFile) != certificate))
            {
                AtomicFile.Write(TrustFile, Encoding.UTF8.GetBytes(certificate));
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
