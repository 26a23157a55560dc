using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Tests.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

/// <summary>Health over a real broker: a device that speaks MQTT, a cable that is pulled, a broker that dies.</summary>
public sealed class WatchedFleetTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    private readonly Guid _boot = Guid.NewGuid();
    private readonly Guid _connection = Guid.NewGuid();

    private FleetHealth Fleet => host.Services.GetRequiredService<FleetHealth>();

    [Fact]
    public async Task PulledCable_IsShownWithItsReason()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using var relay = new Relay(device.Mqtt!.Port);
        LinkScene link = await LinkScene.UpAsync(SettingsOf(device) with { Port = relay.Port });
        await SpeakAsync(link, device, 1);
        await ShowsAsync(device, v => v is { State: HealthState.Healthy, Presence: PresenceState.Up });
        relay.Cut();
        await Until.TrueAsync(() => host.Heard.States.Any(s => s.Device == device.DeviceId && !s.State.Online));
        host.Time.Advance(TimeSpan.FromSeconds(15));
        await ShowsAsync(device, v => v is { Presence: PresenceState.Down, State: not HealthState.Healthy, Reason.Key: "Issue.Offline.What" });
        Assert.Equal(IssueKind.Offline, Assert.Single(Fleet.ViewOf(device.DeviceId)!.Issues).Kind);
        await link.StopAsync();
    }

    [Fact]
    public async Task DeadBroker_IsTheHubsBlindness_AndNobodysOffline()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await LinkScene.UpAsync(SettingsOf(device));
        await SpeakAsync(link, device, 1);
        await ShowsAsync(device, v => v.State == HealthState.Healthy);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        using (var broker = Process.GetProcessById(host.Loop.ProcessId!.Value))
        {
            broker.Kill();
        }

        await ShowsAsync(device, v => v is { State: HealthState.Unmonitored, Reason.Key: "Health.Why.Blind", Issues: [] });
        host.Time.Advance(TimeSpan.FromMinutes(3));
        await host.IsWatchingAsync();
        await Until.TrueAsync(() => link.Link.IsUp);
        await ShowsAsync(device, v => v is { State: HealthState.Unmonitored, Reason.Key: "Health.Why.Looking", Issues: [] });
        await SpeakAsync(link, device, 2);
        await ShowsAsync(device, v => v is { State: HealthState.Healthy, Issues: [] });
    }

    private async Task SpeakAsync(LinkScene link, EnrolResponse device, long sequence)
    {
        await PublishAsync(link, FleetTopics.State(device.DeviceId), new AgentState(true, null, _boot, _connection, host.Time.Now, "0.2.0"), retain: true);
        await PublishAsync(link, FleetTopics.Up(device.DeviceId, UpKind.Metrics), HealthScene.Readings(_boot, sequence, host.Time.Now), retain: false);
    }

    private static async Task PublishAsync<T>(LinkScene link, string topic, T payload, bool retain) => Assert.True(
        (await link.Link.PublishAsync(
            new MqttMessage(topic, JsonSerializer.SerializeToUtf8Bytes(payload, DeviceJson.Options), MqttQos.AtLeastOnce, Retain: retain), CancellationToken.None)).IsOk);

    private MqttLinkSettings SettingsOf(EnrolResponse device)
    {
        var will = new MqttMessage(
            FleetTopics.State(device.DeviceId),
            JsonSerializer.SerializeToUtf8Bytes(new AgentState(false, "lost", _boot, _connection, host.Time.Now, "0.2.0"), DeviceJson.Options), MqttQos.AtLeastOnce, Retain: true);
        return host.As(device) with { Will = () => new MqttWill(will, TimeSpan.FromSeconds(1)) };
    }

    private Task ShowsAsync(EnrolResponse device, Func<HealthView, bool> wanted) => Until.TrueAsync(
        () => Fleet.ViewOf(device.DeviceId) is { } view && wanted(view), () => Fleet.ViewOf(device.DeviceId)?.ToString() ?? "not known");
}
