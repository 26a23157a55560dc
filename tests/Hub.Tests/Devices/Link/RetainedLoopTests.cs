using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Devices.Link;

/// <summary>What a real broker keeps is what the database has.</summary>
public sealed class RetainedLoopTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    [Fact]
    public async Task GhostsAreCleared_AndNoted_AndDevicesAreLeftAlone()
    {
        EnrolResponse device = await host.EnrolAsync();
        string ghost = "agt-ghost" + Guid.NewGuid().ToString("N")[..6];
        await host.Link.SayOfflineAsync(ghost, "lost", CancellationToken.None);
        await host.Link.SayOfflineAsync(device.DeviceId, "lost", CancellationToken.None);
        RetainedLoop loop = host.Services.GetRequiredService<RetainedLoop>();
        int cleared = 0;
        for (int look = 0; cleared == 0 && look < 50; look++)
        {
            cleared = await loop.ClearGhostsAsync(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }

        Assert.Equal(1, cleared);
        Assert.Equal(AuditAction.ClearedGhosts, Assert.Single(await new DeviceScene(host).AuditAsync(ghost)).Action);
        int heard = host.Heard.States.Count(s => s.Device == device.DeviceId && s.Retained);
        Assert.Equal(0, await loop.ClearGhostsAsync(TimeSpan.FromMilliseconds(500), CancellationToken.None));
        await Until.TrueAsync(() => host.Heard.States.Count(s => s.Device == device.DeviceId && s.Retained) > heard); // the device's own is kept still
    }

    [Fact]
    public async Task ABrokerThatLostTheWantedConfiguration_HasItAgain()
    {
        EnrolResponse device = await host.EnrolAsync();
        await host.WithAsync<HubDbContext, int>(db =>
        {
            db.Add(new DeviceCare { DeviceId = device.DeviceId, AbsentParts = "Camera", Version = 3 });
            return db.SaveChangesAsync();
        });
        await using LinkScene link = await LinkScene.UpAsync(host.As(device));
        await link.SubscribesAsync(FleetTopics.Desired(device.DeviceId));
        using (var broker = Process.GetProcessById(host.Loop.ProcessId!.Value))
        {
            broker.Kill();
        }

        await link.IsUpAsync(times: 2);
        await link.SubscribesAsync(FleetTopics.Desired(device.DeviceId));
        MqttMessage wanted = await link.HearsAsync(m => m.Topic == FleetTopics.Desired(device.DeviceId));
        DesiredConfiguration desired = JsonSerializer.Deserialize<DesiredConfiguration>(wanted.Payload.Span, DeviceJson.Options)!;
        Assert.Equal(3, desired.Version);
        Assert.Equal([PartKind.Camera], desired.AbsentParts);
    }
}
