using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Simulation;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit.Brokers;

namespace ThreeClassrooms.EndToEnd.Fleet;

/// <summary>
/// Simulated agents, a real broker, and the hub's own hearing of both (link, inbox, presence, health) without its pages and database. All times of the connection
/// are the product's, multiplied by one factor.
/// </summary>
internal sealed class TrialFleet : IAsyncDisposable
{
    /// <summary>A cable is there, and nothing happens to it by itself.</summary>
    private static readonly FaultPlan OnlyACable = new([new FaultSpan(SimulatedFault.Offline, TimeSpan.FromDays(100), TimeSpan.FromHours(1), null)]);

    private readonly double _factor;
    private readonly string _folder = Repository.NewFolder("trials");
    private readonly CancellationTokenSource _stop = new();
    private readonly SocketsHttpHandler _network = new();
    private readonly List<Task> _running = [];
    private readonly BrokerProcess _broker;

    private TrialFleet(BrokerProcess broker, double factor) => (_broker, _factor) = (broker, factor);

    public List<SimulatedAgent> Agents { get; } = [];

    public FleetHealth Health { get; private set; } = null!;

    /// <summary>What a time of the product's is here.</summary>
    public TimeSpan Scaled(double seconds) => TimeSpan.FromSeconds(seconds * _factor);

    public static async Task<TrialFleet> StartAsync(int count, double factor)
    {
        var fleet = new TrialFleet(await BrokerProcess.StartAsync(), factor);
        string[] ids = [.. Enumerable.Range(0, count).Select(_ => DeviceSecret.NewDeviceId())];
        fleet.Watch(ids);
        LinkPace ordinary = LinkPace.Ordinary;
        var pace = new LinkPace(
            ordinary.KeepAliveAtLeast * factor is var least && least >= TimeSpan.FromSeconds(5) ? least : TimeSpan.FromSeconds(5), ordinary.KeepAliveJitter * factor);
        long began = TimeProvider.System.GetTimestamp();
        var around = new SimulationSurroundings(
            fleet._network, () => TimeProvider.System.GetElapsedTime(began), pace, TimeSpan.FromMilliseconds(300), Lessons: false, new SimulationCounters(), NullLogger.Instance);
        for (int i = 0; i < count; i++)
        {
            fleet.Agents.Add(fleet.Agent(i + 1, ids[i], around));
        }

        fleet._running.AddRange(fleet.Agents.Select(a => Task.Run(() => a.RunAsync(fleet._stop.Token))));
        return fleet;
    }

    public HealthView? ViewOf(SimulatedAgent agent) => Health.ViewOf(agent.DeviceId);

    public async ValueTask DisposeAsync()
    {
        foreach (SimulatedAgent agent in Agents)
        {
            agent.Cable!.PlugIn();
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        foreach (SimulatedAgent agent in Agents)
        {
            await agent.DisposeAsync();
        }

        _network.Dispose();
        _broker.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Watch(string[] ids)
    {
        var options = new HealthOptions { LostGrace = Scaled(15), HeardOnly = Scaled(80), SightGrace = Scaled(90), NoHeartbeat = Scaled(150) };
        IServiceScopeFactory none = new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>();
        Health = new FleetHealth(options, new DeviceStanding(none, TimeProvider.System), TimeProvider.System);
        Health.Register([.. ids.Select(id => new DeviceRegistration(
            id, Guid.NewGuid(), DeviceRole.Receiving, DateTimeOffset.UtcNow, null, new HashSet<PartKind>(), null, Stored: true, null, []))]);
        var devices = new FleetDevices(none);
        Array.ForEach(ids, devices.Add);
        var inbox = new FleetInbox(
            devices, new ServiceCollection().AddSingleton<IFleetListener>(Health).BuildServiceProvider(), TimeProvider.System, NullLogger<FleetInbox>.Instance);
        IMqttLink link = MqttLinks.Create(
            new MqttLinkSettings("127.0.0.1", _broker.Port, null, "hub", "hub", () => "", TimeSpan.FromSeconds(30), false, TimeSpan.FromMinutes(5), () => null, 1000),
            TimeProvider.System);
        link.Received += inbox.OnMessage;
        link.Changed += change =>
        {
            inbox.OnBlind(!change.Up, DateTimeOffset.UtcNow);
            if (change.Up)
            {
                _ = link.SubscribeAsync([new MqttSubscription(FleetTopics.AllUp, MqttQos.AtLeastOnce)], _stop.Token);
            }
        };
        _running.Add(link.RunAsync(_stop.Token));
        _running.Add(TickAsync());
    }

    private async Task TickAsync()
    {
        using var beat = new PeriodicTimer(Scaled(2));
        try
        {
            while (await beat.WaitForNextTickAsync(_stop.Token))
            {
                Health.Tick();
            }
        }
        catch (OperationCanceledException)
        {
            // The trials are over.
        }
    }

    private SimulatedAgent Agent(int number, string id, SimulationSurroundings around)
    {
        string data = Path.Combine(_folder, id), metrics = Math.Max(10, _factor * 60).ToString("0", CultureInfo.InvariantCulture);
        Directory.CreateDirectory(Path.Combine(data, "telemetry"));
        File.WriteAllText(Path.Combine(data, "telemetry", "desired.json"), $"{{\"version\":1,\"absentParts\":[],\"metricsSeconds\":{metrics}}}", Encoding.UTF8);
        new MqttIdentityStore(data).TrySave(MqttIdentity.Of(new DeviceMqtt("127.0.0.1", _broker.Port, "any", null, false)));
        var identity = new Identity(new Uri("http://127.0.0.1:9"), id, "secret", DeviceRole.Receiving, "", "", null, DateTimeOffset.UtcNow);
        return new SimulatedAgent(number, data, identity, OnlyACable, around);
    }
}
