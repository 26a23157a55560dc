using System.Net;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

/// <summary>The hub without a broker: it runs, and says that it sees nothing.</summary>
public sealed class NoBrokerTests
{
    [Fact]
    public async Task Off_GivesNoMqttIdentity_AndSaysSo()
    {
        await using var host = new BrokerHost();
        host.Settings["Mqtt:Mode"] = "Off";
        var scene = new DeviceScene(host);
        EnrolResponse device = await scene.EnrolAsync(await scene.RoomAsync());

        Assert.Null(device.Mqtt);
        Assert.Null(await host.AskAsync(device, confirm: null));
        Assert.Equal(FleetWatch.Off, host.Watch);
    }

    [Fact]
    public async Task MissingProgram_IsSaid_AndTheHubRuns()
    {
        await using var host = new BrokerHost();
        string notABroker = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(notABroker, "");
        host.Settings["Mqtt:Program"] = notABroker;
        using HttpClient client = host.Anonymous();
        File.Delete(notABroker); // it was there when the options were checked

        using HttpResponseMessage answer = await client.GetAsync("/healthz");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Until.TrueAsync(() => host.Watch is FleetWatch.BrokerMissing or FleetWatch.BrokerDown);
    }
}
