using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

/// <summary>The hub with the broker it starts itself.</summary>
public sealed class ManagedBrokerTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    [Fact]
    public async Task EnrolledDevice_Connects_IsHeard_AndItsWillToo()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using (var relay = new Relay(device.Mqtt!.Port))
        {
            LinkScene link = await LinkScene.UpAsync(host.As(device) with { Port = relay.Port });
            Assert.True((await link.Link.PublishAsync(BrokerHost.StateOf(device, online: true), CancellationToken.None)).IsOk);
            await host.HearsAsync(device, s => s.Online);
            relay.Cut();
            await link.StopAsync();
        }

        await host.HearsAsync(device, s => s is { Online: false, Reason: "lost" });
    }

    [Fact]
    public async Task DisabledDevice_IsPutOut_Refused_AndShownOffline()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await LinkScene.UpAsync(host.As(device));
        await link.Link.PublishAsync(BrokerHost.StateOf(device, online: true), CancellationToken.None);
        await host.HearsAsync(device, s => s.Online);

        Assert.True(await host.WithAsync<DeviceAccess, bool>(access => access.DisableAsync(device.DeviceId, null)));

        await link.IsDownAsync();
        await host.HearsAsync(device, s => s is { Online: false, Reason: DeviceAccess.Disabled });
        (int exit, string output) = await host.Wire(device).PublishAsync(FleetTopics.State(device.DeviceId), "x");
        Assert.NotEqual(0, exit);
        Assert.Contains("ot authori", output, StringComparison.OrdinalIgnoreCase);
        Assert.False(await host.WithAsync<DeviceAccess, bool>(access => access.DisableAsync(device.DeviceId, null)));

        Assert.True(await host.WithAsync<DeviceAccess, bool>(access => access.EnableAsync(device.DeviceId, null)));
        await using LinkScene again = await LinkScene.UpAsync(host.As(device));
    }

    [Theory]
    [InlineData(20)] // begins well and is cut
    [InlineData(-1)] // zeros
    public async Task SnapshotDamagedByAPowerCut_IsSetAside_TheBrokerStarts(int length)
    {
        EnrolResponse device = await host.EnrolAsync();
        string snapshot = Path.Combine(host.Folder, "broker", "mosquitto.db");
        using (var broker = Process.GetProcessById(host.Loop.ProcessId!.Value))
        {
            broker.Kill(); // no snapshot of its own is written over the damaged one
            byte[] damaged = length < 0 ? new byte[400] : [0x00, 0xB5, 0x00, .. "mosquitto db"u8, .. new byte[length - 15]];
            await File.WriteAllBytesAsync(snapshot, damaged);
        }

        await using LinkScene link = await LinkScene.UpAsync(host.As(device));
        await Until.TrueAsync(() => Directory.GetFiles(Path.GetDirectoryName(snapshot)!, "mosquitto.db.damaged-*").Length > 0);
        Assert.Contains(HubTrouble.FileSetAside, host.Services.GetRequiredService<HubTroubles>().All.Keys);
    }

    [Theory]
    [InlineData("up/anything")]
    [InlineData("up/state/more")]
    [InlineData("up/ev/evidence")]
    public async Task MessageOnATopicWithoutAName_IsRefused(string topic)
    {
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await LinkScene.UpAsync(host.As(device));
        MqttPublishResult refused = await link.Link.PublishAsync(
            new MqttMessage($"tc/v1/agents/{device.DeviceId}/{topic}", new byte[1], MqttQos.AtLeastOnce, Retain: true), CancellationToken.None);
        Assert.False(refused.IsOk);
        Assert.True((await link.Link.PublishAsync(BrokerHost.StateOf(device, online: true), CancellationToken.None)).IsOk);
    }

    [Fact]
    public async Task DeviceReplacedInItsRoom_IsPutOut()
    {
        await host.IsWatchingAsync();
        var scene = new DeviceScene(host);
        Guid room = await scene.RoomAsync();
        EnrolResponse old = await scene.EnrolAsync(room);
        await using LinkScene link = await LinkScene.UpAsync(host.As(old));

        EnrolResponse young = await scene.EnrolAsync(room);

        await link.IsDownAsync();
        await using LinkScene next = await LinkScene.UpAsync(host.As(young));
    }

    [Fact]
    public async Task NewPassword_CountsWhenItIsConfirmed_TheOldOneUntilThen()
    {
        EnrolResponse device = await host.EnrolAsync();
        DeviceMqtt issued = (await host.AskAsync(device, confirm: null))!;
        await using (LinkScene old = await LinkScene.UpAsync(host.As(device)))
        {
            await using var early = new LinkScene(host.As(device, issued.Password));
            Assert.True((await early.IsDownAsync()).Reason.IsRefusal());
            Assert.True(old.Link.IsUp);

            await host.AskAsync(device, confirm: issued.Password);
            await old.IsDownAsync();
        }

        await host.AskAsync(device, confirm: issued.Password); // an answer that was lost is asked for again
        await using LinkScene young = await LinkScene.UpAsync(host.As(device, issued.Password));
        await using var late = new LinkScene(host.As(device));
        Assert.True((await late.IsDownAsync()).Reason.IsRefusal());
    }

    [Fact]
    public async Task PasswordThatWasNeverIssued_IsNotConfirmed()
    {
        EnrolResponse device = await host.EnrolAsync();
        using HttpResponseMessage answer = await host.PostAsync(device, confirm: DeviceSecret.New());
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(ErrorCodes.BadCredentials, await DeviceScene.CodeOfAsync(answer));
    }

    [Fact]
    public async Task BrokerKilledWithItsUsersGone_ComesBackWithAll_AndTheHubTellsThatItWasBlind()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await LinkScene.UpAsync(host.As(device));
        int killed = host.Loop.ProcessId!.Value, seen = host.Heard.Blind.Count;
        await File.WriteAllBytesAsync(Path.Combine(host.Folder, "broker", "dynamic-security.json"), []);

        using (var broker = Process.GetProcessById(killed))
        {
            broker.Kill();
        }

        await Until.TrueAsync(() => host.Loop.ProcessId is { } now && now != killed);
        await link.IsUpAsync(times: 2);
        await Until.TrueAsync(() => host.Watch == FleetWatch.Watching);
        Assert.Equal([true, false], host.Heard.Blind.Skip(seen).Take(2));
    }

    [Fact]
    public async Task UserThatTheBrokerLost_IsThereAgainAfterTheNextComparison()
    {
        EnrolResponse device = await host.EnrolAsync();
        int before = host.Loop.ProcessId!.Value;
        host.Loop.Restart();
        await Until.TrueAsync(() => host.Loop.ProcessId is { } now && now != before);
        await using LinkScene link = await LinkScene.UpAsync(host.As(device));
    }

    [Fact]
    public async Task Command_ReachesItsDevice_WithExpiryAndCorrelation()
    {
        EnrolResponse device = await host.EnrolAsync();
        await using LinkScene link = await LinkScene.UpAsync(host.As(device));
        await link.SubscribesAsync(FleetTopics.Command(device.DeviceId), FleetTopics.Desired(device.DeviceId));
        var command = new AgentCommand(Guid.NewGuid(), CommandKind.SetVolume, host.Time.Now + TimeSpan.FromSeconds(60), 40);

        FleetSend sent = await host.Link.SendAsync(device.DeviceId, command, CancellationToken.None);
        FleetSend late = await host.Link.SendAsync(device.DeviceId, command with { ExpiresAt = host.Time.Now }, CancellationToken.None);
        FleetSend desired = await host.Link.SetDesiredAsync(device.DeviceId, new DesiredConfiguration(7, [PartKind.Camera]), CancellationToken.None);

        MqttMessage got = await link.HearsAsync(m => m.Topic == FleetTopics.Command(device.DeviceId));
        MqttMessage wanted = await link.HearsAsync(m => m.Topic == FleetTopics.Desired(device.DeviceId));
        Assert.Equal((FleetSend.Sent, FleetSend.Expired, FleetSend.Sent), (sent, late, desired));
        Assert.Equal(command, JsonSerializer.Deserialize<AgentCommand>(got.Payload.Span, DeviceJson.Options));
        Assert.Equal(command.Id, new Guid(got.CorrelationData.Span));
        Assert.Equal(FleetTopics.Up(device.DeviceId, UpKind.Result), got.ResponseTopic);
        Assert.InRange(got.Expiry!.Value.TotalSeconds, 1, 60);
        Assert.Equal(7, JsonSerializer.Deserialize<DesiredConfiguration>(wanted.Payload.Span, DeviceJson.Options)!.Version);
    }

    [Fact]
    public async Task CommandToADeviceThatNeverCame_IsHeardByNobody()
    {
        EnrolResponse device = await host.EnrolAsync();
        var command = new AgentCommand(Guid.NewGuid(), CommandKind.Identify, host.Time.Now + TimeSpan.FromSeconds(60));
        Assert.Equal(FleetSend.NobodyListens, await host.Link.SendAsync(device.DeviceId, command, CancellationToken.None));
    }

    [Fact]
    public async Task BrokersFiles_AreForTheHubsUserOnly_AndHoldNoPassword()
    {
        EnrolResponse device = await host.EnrolAsync();
        string folder = Path.Combine(host.Folder, "broker");
        Assert.All(Directory.GetFiles(folder, "*.key").Concat(Directory.GetFiles(folder, "*.json")), file =>
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
            Assert.DoesNotContain(device.Mqtt!.Password, File.ReadAllText(file), StringComparison.Ordinal);
        });
    }
}
