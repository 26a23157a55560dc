using System.Globalization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>What devices are told about the broker, and the folder of a managed one. Thread-safe.</summary>
internal sealed class BrokerGround
{
    private readonly MqttOptions _options;
    private readonly Lazy<string> _folder;
    private readonly Lazy<int> _port;
    private readonly BrokerAccess _access;

    public BrokerGround(MqttOptions options, DataFolder data, BrokerAccess access)
    {
        (_options, _access) = (options, access);
        _folder = new Lazy<string>(() => data.Make("broker"));
        _port = new Lazy<int>(() => options.Port != 0 ? options.Port : KeptPort());
    }

    /// <summary>Port of the devices' listener.</summary>
    public int Port => _port.Value;

    public BrokerSettings Settings(string plugin) => new(_folder.Value, plugin, _access.LocalPort, _options.Listen, Port, Environment.UserName);

    /// <summary>What a device needs besides its password.</summary>
    /// <returns>Null: there is no broker to tell of.</returns>
    public DeviceMqtt? ForDevice(string password) => _options.Mode switch
    {
        MqttMode.Off => null,
        MqttMode.Managed => new DeviceMqtt(NullIfEmpty(_options.PublicHost), Port, password, BrokerCertificate.ReadOrMake(Settings("")), CertificateIsPin: true),
        MqttMode.External => new DeviceMqtt(
            NullIfEmpty(_options.PublicHost) ?? _options.Host, Port, password, _options.CaFile.Length > 0 ? File.ReadAllText(_options.CaFile) : null, CertificateIsPin: false),
    };

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;

    /// <summary>Devices keep the port: a free one is found once.</summary>
    private int KeptPort()
    {
        string file = Path.Combine(_folder.Value, "port");
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out int kept))
        {
            return kept;
        }

        int port = FreePort.Find();
        PrivateFile.Write(file, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }
}
