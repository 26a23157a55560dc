using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Tests.Joining;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Brokers;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

/// <summary>The agent's link against a real broker and a hub's device API.</summary>
public class AgentLinkTests
{
    private const string Id = "device-1";

    [Fact]
    public async Task Agent_SaysThatItIsOnline_HearsTheHub_AndSaysFarewell()
    {
        using BrokerProcess broker = await BrokerProcess.StartAsync();
        await using var hub = await Ear.StartAsync(broker.Port);
        await using var agent = await RunningAgent.StartAsync(broker.Port);
        await agent.IsOnlineAsync();
        AgentState birth = await hub.StateAsync(s => s.Online);

        var command = new AgentCommand(Guid.NewGuid(), CommandKind.Identify, DateTimeOffset.UtcNow.AddMinutes(1));
        await hub.SendAsync(FleetTopics.Command(Id), command);
        await hub.SendAsync(FleetTopics.Desired(Id), new DesiredConfiguration(4, [PartKind.Camera]), retain: true);
        await Until.TrueAsync(() => agent.Commands.Contains(command) && agent.Desired.Any(d => d.Version == 4));
        MqttPublishResult sent = await agent.Link.PublishAsync(UpKind.Result, new CommandResult(command.Id, CommandOutcome.Done, DateTimeOffset.UtcNow), CancellationToken.None);

        await agent.StopAsync();

        AgentState farewell = await hub.StateAsync(s => !s.Online);
        Assert.True(sent.IsOk);
        Assert.Equal((birth.Boot, birth.Connection, "shutdown"), (farewell.Boot, farewell.Connection, farewell.Reason));
        Assert.Equal(MqttReason.NotConnected, (await agent.Link.PublishAsync(UpKind.State, birth, CancellationToken.None)).Reason);
    }

    [Fact]
    public async Task EveryConnection_HasABirthAndAnIdOfItsOwn()
    {
        using BrokerProcess broker = await BrokerProcess.StartAsync();
        await using var agent = await RunningAgent.StartAsync(broker.Port);
        await agent.IsOnlineAsync();
        broker.Kill();
        await Until.TrueAsync(() => !agent.Link.IsOnline);
        await broker.StartAgainAsync();
        await using var hub = await Ear.StartAsync(broker.Port);
        AgentState first = await hub.StateAsync(s => s.Online);

        broker.Kill();
        await Until.TrueAsync(() => !agent.Link.IsOnline);
        await broker.StartAgainAsync();

        AgentState second = await hub.StateAsync(s => s.Online && s.Connection != first.Connection);
        Assert.Equal(first.Boot, second.Boot);
    }

    [Fact]
    public async Task AgentWithoutAPassword_AsksTheHub_AndKeepsWhatItIsGivenBeforeItCounts()
    {
        using BrokerProcess broker = await BrokerProcess.StartAsync();
        await using FakeHub api = await FakeHub.StartAsync();
        using var folder = new TemporaryFolder();
        var store = new MqttIdentityStore(folder.Path);
        var onDisk = new ConcurrentQueue<string?>();
        api.GiveMqtt = request =>
        {
            onDisk.Enqueue($"{request.Confirm}/{store.Load()?.Next}");
            return new DeviceMqtt("127.0.0.1", broker.Port, "given", null, false);
        };
        await using var agent = new RunningAgent(api.Address, folder.Path);

        await agent.IsOnlineAsync();

        Assert.Equal(["/", "given/given"], onDisk);
        await Until.TrueAsync(() => store.Load() is { Current: "given", Next: null });
    }

    [Fact]
    public async Task RefusedAgent_AsksTheHubForANewPassword()
    {
        using BrokerProcess broker = await BrokerProcess.StartAsync(
            ["listener @PORT@ 127.0.0.1", "allow_anonymous false", "password_file @FOLDER@/users"], folder => MakeUser(folder, "fresh"));
        await using FakeHub api = await FakeHub.StartAsync();
        api.GiveMqtt = _ => new DeviceMqtt("127.0.0.1", broker.Port, "fresh", null, false);
        using var folder = new TemporaryFolder();
        new MqttIdentityStore(folder.Path).TrySave(new MqttIdentity("127.0.0.1", broker.Port, null, false, "stale", "staler"));
        await using var agent = new RunningAgent(api.Address, folder.Path);

        await agent.IsOnlineAsync();

        await Until.TrueAsync(() => new MqttIdentityStore(folder.Path).Load() is { Current: "fresh", Next: null });
    }

    private static void MakeUser(string folder, string password)
    {
        string file = Path.Combine(folder, "users");
        File.WriteAllText(file, $"{Id}:{password}\n");
        using var hashing = System.Diagnostics.Process.Start("mosquitto_passwd", ["-U", file]);
        hashing.WaitForExit();
    }

    /// <summary>Listens where the hub listens.</summary>
    private sealed class Ear(IMqttLink link, Task running, CancellationTokenSource stop, ConcurrentQueue<AgentState> states) : IAsyncDisposable
    {
        public static async Task<Ear> StartAsync(int port)
        {
            var states = new ConcurrentQueue<AgentState>();
            var stop = new CancellationTokenSource();
            IMqttLink link = MqttLinks.Create(
                new MqttLinkSettings("127.0.0.1", port, null, "ear", "ear", () => "ear", TimeSpan.FromSeconds(30), true, TimeSpan.FromMinutes(5), () => null, 100), TimeProvider.System);
            link.Received += message => states.Enqueue(JsonSerializer.Deserialize<AgentState>(message.Payload.Span, Wire.Json)!);
            link.Changed += change =>
            {
                if (change.Up)
                {
                    _ = link.SubscribeAsync([new MqttSubscription(FleetTopics.State(Id), MqttQos.AtLeastOnce)], CancellationToken.None);
                }
            };
            Task running = link.RunAsync(stop.Token);
            await Until.TrueAsync(() => link.IsUp);
            return new Ear(link, running, stop, states);
        }

        public async Task<AgentState> StateAsync(Func<AgentState, bool> wanted)
        {
            await Until.TrueAsync(() => states.Any(wanted), () => string.Join('\n', states));
            return states.First(wanted);
        }

        public async Task SendAsync<T>(string topic, T payload, bool retain = false) => Assert.True(
            (await link.PublishAsync(new MqttMessage(topic, JsonSerializer.SerializeToUtf8Bytes(payload, Wire.Json), MqttQos.AtLeastOnce, retain), CancellationToken.None)).IsOk);

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            await link.DisposeAsync();
            stop.Dispose();
        }
    }

    private sealed class RunningAgent : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly HttpClient _client;
        private readonly DeviceTokens _tokens;
        private readonly TemporaryFolder? _folder;
        private readonly Task _running;

        public RunningAgent(Uri hub, string folder, TemporaryFolder? owned = null)
        {
            _folder = owned;
            _client = new HttpClient { BaseAddress = hub };
            var identity = new Identity(hub, Id, "secret", DeviceRole.Receiving, "一班", "小学", null, DateTimeOffset.UtcNow);
            var api = new HubApi(_client);
            _tokens = new DeviceTokens(api, identity, new HubClock(TimeProvider.System), TimeProvider.System);
            var store = new MqttIdentityStore(folder);
            Link = new AgentLink(identity, store, new MqttRenewal(api, _tokens, store, NullLogger.Instance), TimeProvider.System, NullLogger.Instance);
            Link.CommandReceived += Commands.Enqueue;
            Link.DesiredReceived += Desired.Enqueue;
            _running = Link.RunAsync(_stop.Token);
        }

        public AgentLink Link { get; }

        public ConcurrentQueue<AgentCommand> Commands { get; } = new();

        public ConcurrentQueue<DesiredConfiguration> Desired { get; } = new();

        /// <summary>Enrolled, and never in need of its hub.</summary>
        public static Task<RunningAgent> StartAsync(int port)
        {
            var folder = new TemporaryFolder();
            new MqttIdentityStore(folder.Path).TrySave(new MqttIdentity("127.0.0.1", port, null, false, null, "anything"));
            return Task.FromResult(new RunningAgent(new Uri("http://127.0.0.1:9"), folder.Path, folder));
        }

        public Task IsOnlineAsync() => Until.TrueAsync(() => Link.IsOnline, () => "not online");

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _client.Dispose();
            _tokens.Dispose();
            _stop.Dispose();
            _folder?.Dispose();
        }
    }
}
