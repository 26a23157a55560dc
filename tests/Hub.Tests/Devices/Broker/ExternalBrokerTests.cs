using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

/// <summary>A broker that the hub does not run: its users are administered, its files are not ours.</summary>
public sealed class ExternalBrokerTests
{
    [Fact]
    public async Task Users_AreReconciled_DevicesConnect_AndOneThatIsLostIsMadeAnewWhenItsDeviceAsks()
    {
        DynsecUser ghost = GeneratedBroker.Device("agt-gggggggggg", "x"), foreign = GeneratedBroker.Device("county-weather", "x");
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(ghost, foreign);
        await using var host = new BrokerHost();
        Configure(host, broker);
        await host.IsWatchingAsync();
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await LinkScene.UpAsync(host.As(device));
        await using var ghosts = new LinkScene(broker.As(ghost.Username, "x"));
        await using LinkScene foreigner = await LinkScene.UpAsync(broker.As(foreign.Username, "x"));
        Assert.True((await ghosts.IsDownAsync()).Reason.IsRefusal());

        // The broker loses the device; only a new password helps, which the device gets over the device API.
        broker.Process.Kill();
        GeneratedBroker.WriteUsers(broker.Settings, foreign);
        await broker.Process.StartAgainAsync();
        await Until.TrueAsync(() => link.Changes.Any(c => c.Reason.IsRefusal()));
        await Until.TrueAsync(() => host.Watch == FleetWatch.Watching && host.Services.GetService(typeof(BrokerKeeper)) is BrokerKeeper { Rounds: > 1 });
        DeviceMqtt issued = (await host.AskAsync(device, confirm: null))!;
        await host.AskAsync(device, confirm: issued.Password);
        await using LinkScene again = await LinkScene.UpAsync(host.As(device, issued.Password));
        await again.Link.PublishAsync(BrokerHost.StateOf(device, online: true), CancellationToken.None);
        await host.HearsAsync(device, s => s.Online);
        Assert.True(await host.WithAsync<DeviceAccess, bool>(access => access.DisableAsync(device.DeviceId, null)));
        await again.IsDownAsync();
    }

    private static void Configure(BrokerHost host, GeneratedBroker broker)
    {
        host.Settings["Mqtt:Mode"] = "External";
        host.Settings["Mqtt:Host"] = "127.0.0.1";
        host.Settings["Mqtt:Port"] = $"{broker.Process.Port}";
        host.Settings["Mqtt:Username"] = BrokerAccess.HubUser;
        host.Settings["Mqtt:Password"] = GeneratedBroker.Password;
        host.Settings["Mqtt:AdminUsername"] = BrokerAccess.AdminUser;
        host.Settings["Mqtt:AdminPassword"] = GeneratedBroker.Password;
    }
}
