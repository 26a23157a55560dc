using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit.Brokers;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

/// <summary>A real Mosquitto with the files that the hub generates, without a hub.</summary>
internal sealed class GeneratedBroker : IAsyncDisposable
{
    public const string Password = "hub-hub-hub-hub-hub-hub-hub-hub-hub-hub-hub";

    private GeneratedBroker(BrokerProcess process, BrokerSettings settings) => (Process, Settings) = (process, settings);

    public BrokerProcess Process { get; }

    public BrokerSettings Settings { get; }

    public LinkScene? AdminLink { get; private set; }

    public static async Task<GeneratedBroker> StartAsync(params DynsecUser[] devices)
    {
        BrokerSettings? settings = null;
        BrokerProcess process = await BrokerProcess.StartAsync((folder, port) =>
        {
            settings = new BrokerSettings(folder, BrokerProgram.Find(new MqttOptions())!.Plugin, port, "127.0.0.1", BrokerProcess.FreePort(), Environment.UserName);
            BrokerCertificate.ReadOrMake(settings);
            WriteUsers(settings, devices);
            PrivateFile.Write(settings.AclPath, BrokerConfiguration.Acl);
            return BrokerConfiguration.Write(settings);
        });
        return new GeneratedBroker(process, settings!);
    }

    public static DynsecUser Device(string id, string password) => new(id, id, BrokerPassword.Hash(password));

    public static void WriteUsers(BrokerSettings settings, params DynsecUser[] devices) => PrivateFile.Write(settings.DynsecPath, DynsecFile.Write(
    [
        new DynsecUser(BrokerAccess.HubUser, BrokerAccess.HubUser, BrokerPassword.Hash(Password), Role: DynsecFile.HubRole),
        new DynsecUser(BrokerAccess.AdminUser, BrokerAccess.AdminUser, BrokerPassword.Hash(Password), Role: DynsecFile.AdminRole),
        .. devices,
    ]));

    /// <summary>Over the loopback listener.</summary>
    public MqttLinkSettings As(string user, string password) => LinkScene.Settings(Process.Port, user, password: password);

    public MqttLinkSettings AsHub() => As(BrokerAccess.HubUser, Password);

    /// <summary>mosquitto_pub and _sub over the devices' TLS listener.</summary>
    public WireClient Wire(string user, string password, string? clientId = null) => new(
        "-h", "127.0.0.1", "-p", $"{Settings.Port}", "-u", user, "-P", password, "-i", clientId ?? user, "--cafile", Settings.Certificate, "--insecure");

    public async Task<DynsecAdmin> AdminAsync()
    {
        AdminLink = await LinkScene.UpAsync(As(BrokerAccess.AdminUser, Password));
        var admin = new DynsecAdmin(AdminLink.Link, TimeProvider.System);
        Assert.True(await admin.ListenAsync(CancellationToken.None));
        return admin;
    }

    public async ValueTask DisposeAsync()
    {
        if (AdminLink is { } link)
        {
            await link.DisposeAsync();
        }

        Process.Dispose();
    }
}
