using System.Collections.Concurrent;
using System.Text.Json;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Tests.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

/// <summary>A device on the broker that does what it is asked: it comes online with the new version, or says why it could not.</summary>
internal sealed class UpdatingDevice : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly BrokerHost _host;
    private readonly LinkScene _link;
    private readonly Guid _boot = Guid.NewGuid();
    private Task _runs = Task.CompletedTask;

    private UpdatingDevice(BrokerHost host, LinkScene link, string id, string version) => (_host, _link, Id, Version) = (host, link, id, version);

    public string Id { get; }

    public string Version { get; private set; }

    /// <summary>The new version does not run: the former one is back.</summary>
    public bool Fails { get; set; }

    /// <summary>Takes commands and says nothing.</summary>
    public bool Silent { get; set; }

    /// <summary>The versions it was asked for.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public static async Task<UpdatingDevice> UpAsync(BrokerHost host, string version)
    {
        EnrolResponse identity = await host.EnrolAsync();
        LinkScene link = await LinkScene.UpAsync(host.As(identity));
        await link.SubscribesAsync(FleetTopics.Command(identity.DeviceId));
        var device = new UpdatingDevice(host, link, identity.DeviceId, version);
        await device.SayOnlineAsync();
        device._runs = device.RunAsync();
        return device;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _runs;
        await _link.DisposeAsync();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        HashSet<Guid> seen = [];
        while (!_end.IsCancellationRequested)
        {
            foreach (AgentCommand command in _link.Messages.Where(m => m.Topic == FleetTopics.Command(Id))
                .Select(m => JsonSerializer.Deserialize<AgentCommand>(m.Payload.Span, DeviceJson.Options)!).Where(c => seen.Add(c.Id)).ToList())
            {
                await CarryOutAsync(command);
            }

            await Task.Delay(20).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CarryOutAsync(AgentCommand command)
    {
        _asked.Enqueue(command.Text!);
        if (Silent)
        {
            return;
        }

        await SayAsync(FleetTopics.Up(Id, UpKind.Result), new CommandResult(command.Id, CommandOutcome.Accepted, _host.Time.Now));
        if (!Fails)
        {
            Version = command.Text!;
            await SayOnlineAsync();
        }

        await SayAsync(
            FleetTopics.Up(Id, UpKind.Result),
            new CommandResult(command.Id, Fails ? CommandOutcome.Failed : CommandOutcome.Done, _host.Time.Now, Fails ? UpdateReasons.RolledBack : null));
    }

    private Task SayOnlineAsync() =>
        SayAsync(FleetTopics.State(Id), new AgentState(true, null, _boot, Guid.NewGuid(), _host.Time.Now, Version, Guid.NewGuid()));

    private async Task SayAsync<T>(string topic, T payload) => Assert.True(
        (await _link.Link.PublishAsync(new MqttMessage(topic, JsonSerializer.SerializeToUtf8Bytes(payload, DeviceJson.Options), MqttQos.AtLeastOnce), CancellationToken.None)).IsOk);
}
