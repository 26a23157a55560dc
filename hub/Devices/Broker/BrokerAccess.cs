using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>
/// How the hub itself reaches the broker. Of a managed broker the two users' passwords are new at every start and are nowhere but in memory (and, as hashes, in
/// the broker's file); of an external one they are options. Thread-safe.
/// </summary>
internal sealed class BrokerAccess
{
    public const string HubUser = "tc-hub";

    public const string AdminUser = "tc-hub-admin";

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    /// <summary>Unacknowledged messages on their way to the hub.</summary>
    private const ushort ReceiveMaximum = 1000;

    private readonly MqttOptions _options;
    private volatile Passwords _passwords;

    public BrokerAccess(MqttOptions options)
    {
        _options = options;
        _passwords = options.Mode == MqttMode.External ? new Passwords(options.Password, options.AdminPassword) : new Passwords(DeviceSecret.New(), DeviceSecret.New());
        LocalPort = options.Mode == MqttMode.External ? options.Port : FreePort.Find();
    }

    /// <summary>Raised when the broker was started anew: what was refused a moment ago will be let in.</summary>
    public event Action? Restarted;

    /// <summary>Of a managed broker: on 127.0.0.1, the same as long as the hub runs.</summary>
    public int LocalPort { get; }

    /// <summary>New passwords, for the file of a broker that is about to start.</summary>
    /// <returns>The hub's two users.</returns>
    public IReadOnlyList<DynsecUser> Renew()
    {
        var passwords = new Passwords(DeviceSecret.New(), DeviceSecret.New());
        _passwords = passwords;
        return
        [
            new DynsecUser(HubUser, HubUser, BrokerPassword.Hash(passwords.Hub), Role: DynsecFile.HubRole),
            new DynsecUser(AdminUser, AdminUser, BrokerPassword.Hash(passwords.Admin), Role: DynsecFile.AdminRole),
        ];
    }

    public void RaiseRestarted() => Restarted?.Invoke();

    /// <summary>The hub's own link. Its session outlives a short break, so that nothing sent meanwhile is missed.</summary>
    public MqttLinkSettings ForHub(Func<MqttWill?> will) =>
        For(HubUser, _options.Username, () => _passwords.Hub, false, TimeSpan.FromMinutes(5), will);

    /// <summary>The administrator's link. Answers of an earlier connection are of no use: no session.</summary>
    public MqttLinkSettings ForAdmin() =>
        For(AdminUser, _options.AdminUsername, () => _passwords.Admin, true, TimeSpan.Zero, () => null);

    private MqttLinkSettings For(string clientId, string username, Func<string> password, bool cleanStart, TimeSpan sessionExpiry, Func<MqttWill?> will)
    {
        bool external = _options.Mode == MqttMode.External;
        return new MqttLinkSettings(
            external ? _options.Host : "127.0.0.1", LocalPort, external && _options.CaFile.Length > 0 ? new MqttTls(_options.CaFile, NameCounts: true) : null,
            clientId, external ? username : clientId, password, KeepAlive, cleanStart, sessionExpiry, will, ReceiveMaximum);
    }

    private sealed record Passwords(string Hub, string Admin);
}
