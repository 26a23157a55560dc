using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Tests.Devices.Link;
using ThreeClassrooms.Hub.Tests.Hosting;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Brokers;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

/// <summary>A hub with a broker of its own, and devices that speak to it.</summary>
public sealed class BrokerHost : HubHost
{
    public BrokerHost()
    {
        Settings["Mqtt:Mode"] = "Managed";
        Settings["Mqtt:Port"] = "0";
        Settings["Mqtt:Listen"] = "127.0.0.1";
    }

    internal HeardFleet Heard { get; } = new();

    internal FleetWatch Watch => Services.GetRequiredService<BrokerStanding>().Watch;

    internal BrokerLoop Loop => Services.GetRequiredService<BrokerLoop>();

    internal FleetLink Link => Services.GetRequiredService<FleetLink>();

    internal Task IsWatchingAsync() => Until.TrueAsync(() => Watch == FleetWatch.Watching && Services.GetRequiredService<BrokerKeeper>().Rounds > 0, () => Watch.ToString());

    internal async Task<EnrolResponse> EnrolAsync()
    {
        await IsWatchingAsync();
        var scene = new DeviceScene(this);
        EnrolResponse device = await scene.EnrolAsync(await scene.RoomAsync());
        await Until.TrueAsync(() => Services.GetRequiredService<BrokerKeeper>().HasToldAll);
        return device;
    }

    /// <summary>Over TLS, as a device does it; with the password of the enrolment or another.</summary>
    internal MqttLinkSettings As(EnrolResponse device, string? password = null) => LinkScene.Settings(
        device.Mqtt!.Port, device.DeviceId, tls: TrustOf(device.Mqtt), password: password ?? device.Mqtt.Password,
        will: () => new MqttWill(StateOf(device, online: false, "lost"), TimeSpan.FromSeconds(1)));

    internal WireClient Wire(EnrolResponse device) => new(
        "-h", "127.0.0.1", "-p", $"{device.Mqtt!.Port}", "-u", device.DeviceId, "-P", device.Mqtt.Password, "-i", device.DeviceId,
        "--cafile", TrustOf(device.Mqtt)!.TrustFile, "--insecure");

    internal static MqttMessage StateOf(EnrolResponse device, bool online, string? reason = null) => new(
        FleetTopics.State(device.DeviceId),
        JsonSerializer.SerializeToUtf8Bytes(new AgentState(online, reason, Guid.Empty, Guid.Empty, DateTimeOffset.UnixEpoch, "0.1"), DeviceJson.Options), MqttQos.AtLeastOnce, Retain: true);

    internal Task HearsAsync(EnrolResponse device, Func<AgentState, bool> wanted) => Until.TrueAsync(
        () => Heard.States.Any(s => s.Device == device.DeviceId && wanted(s.State)), () => string.Join('\n', Heard.States));

    internal async Task<DeviceMqtt?> AskAsync(EnrolResponse device, string? confirm)
    {
        using HttpResponseMessage answer = await PostAsync(device, confirm);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<DeviceMqttResponse>(DeviceJson.Options))!.Mqtt;
    }

    internal async Task<HttpResponseMessage> PostAsync(EnrolResponse device, string? confirm)
    {
        var scene = new DeviceScene(this);
        using var request = new HttpRequestMessage(HttpMethod.Post, DeviceApi.Mqtt) { Content = JsonContent.Create(new DeviceMqttRequest(confirm), options: DeviceJson.Options) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await scene.TokenAsync(device));
        return await scene.Client.SendAsync(request);
    }

    internal MqttTls? TrustOf(DeviceMqtt mqtt)
    {
        if (mqtt.Certificate is null)
        {
            return null;
        }

        string file = Path.Combine(Folder, "device-trust.pem");
        File.WriteAllText(file, mqtt.Certificate, Encoding.ASCII);
        return new MqttTls(file, NameCounts: !mqtt.CertificateIsPin);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<IFleetListener>(Heard));
    }
}
