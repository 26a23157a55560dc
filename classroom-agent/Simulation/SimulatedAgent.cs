using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Commands;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>What all simulated devices of a process share.</summary>
/// <param name="Network">Their way to the hub over HTTP.</param>
/// <param name="Since">Since the simulation began.</param>
/// <param name="MachineStarts">From power to the agent's first word.</param>
/// <param name="Lessons">They attend the lessons of their rooms, without picture and sound.</param>
internal sealed record SimulationSurroundings(
    HttpMessageHandler Network, Func<TimeSpan> Since, LinkPace Pace, TimeSpan MachineStarts, bool Lessons, SimulationCounters Counters, ILogger Log)
{
    /// <summary>Longer than a will's delay, so that staff see a machine go that loses power.</summary>
    public static readonly TimeSpan OrdinaryStart = TimeSpan.FromSeconds(25);
}

/// <summary>
/// One simulated device: the agent's own telemetry, link, commands and outbox around made-up hardware. It has no thread of its own; <see cref="OnTime(TimeSpan)"/> is called
/// every second by whoever owns the fleet.
/// </summary>
internal sealed class SimulatedAgent : IAsyncDisposable
{
    private static readonly TimeSpan ClockAhead = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan SlowBy = TimeSpan.FromMilliseconds(260);

    /// <summary>From one power cut to the next while the machine keeps losing power.</summary>
    private static readonly TimeSpan PowerFor = TimeSpan.FromMinutes(3);

    /// <summary>A service manager's pause.</summary>
    private static readonly TimeSpan ProgramStarts = TimeSpan.FromSeconds(2);

    private readonly string _data;
    private readonly Identity _identity;
    private readonly FaultPlan _plan;
    private readonly SimulationSurroundings _around;
    private readonly SimulatedMachine _machine;
    private readonly SimulatedTime _time = new();
    private readonly HubClock _clock;
    private readonly HubApi _api;
    private readonly SimulatedUpdate _update;
    private readonly DeviceTokens _tokens;
    private readonly Cable? _cable;
    private Guid _boot;
    private volatile AgentLink? _link;
    private volatile TelemetryLoop? _telemetry;
    private CancellationTokenSource? _life;
    private bool _silent;
    private TimeSpan _powerSince;

    /// <param name="number">Its place in the fleet, from 1.</param>
    public SimulatedAgent(int number, string data, Identity identity, FaultPlan plan, SimulationSurroundings around)
    {
        (_data, _identity, _plan, _around) = (data, identity, plan, around);
        _clock = new HubClock(_time);
        _machine = new SimulatedMachine(number, identity.Role, plan);
        _cable = plan.NeedsCable ? new Cable() : null;
        _api = new HubApi(HubTrust.Client(identity.Hub, new CableHandler(_cable, around.Network), ownsHandler: false));
        _tokens = new DeviceTokens(_api, identity, _clock, _time);
        _update = new SimulatedUpdate(data, _api, _tokens, () => plan.Holds(SimulatedFault.BadUpdate, around.Since()));
        // The same over runs of the program: that it was started again is no power cut of the machine.
        _boot = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(identity.DeviceId)).AsSpan(0, 16));
    }

    public string DeviceId => _identity.DeviceId;

    public bool IsOnline => _link is { IsOnline: true };

    /// <summary>What is pulled and torn; null: nothing of the plan needs it.</summary>
    public Cable? Cable => _cable;

    /// <summary>Lives until stopped, again and again when power is lost or staff want it restarted.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Guid before = _boot;
            await LiveAsync(stop);
            await Waits.PauseAsync(_boot != before ? _around.MachineStarts : ProgramStarts, TimeProvider.System, stop);
        }
    }

    /// <summary>Lets begin and end what the plan says. One caller.</summary>
    /// <param name="now">Since the simulation began.</param>
    public void OnTime(TimeSpan now)
    {
        bool ahead = _plan.Holds(SimulatedFault.Clock, now);
        if (ahead != (_time.Ahead != TimeSpan.Zero))
        {
            _time.Ahead = ahead ? ClockAhead : TimeSpan.Zero;
            _ = CompareClocksAsync();
        }

        if (_plan.Holds(SimulatedFault.Silent, now) is var silent && silent != _silent && _telemetry is { } telemetry)
        {
            // Said at once, lesson or not, so that a demonstration shows it.
            _silent = silent;
            telemetry.OnFault(FaultKind.MicrophoneSilent, silent, silent ? _machine.Level(now) : null);
        }

        if (_cable is not null)
        {
            OnTime(_cable, now);
        }
    }

    /// <summary>The machine loses power: no farewell, a new boot when it comes back.</summary>
    public void LosePower()
    {
        _boot = Guid.NewGuid();
        _cable?.Tear();
        EndLife();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cable is not null)
        {
            await _cable.DisposeAsync();
        }

        _tokens.Dispose();
    }

    private void OnTime(Cable cable, TimeSpan now)
    {
        if (_plan.Holds(SimulatedFault.Offline, now) is var pulled && pulled != cable.IsPulled)
        {
            (pulled ? cable.Pull : (Action)cable.PlugIn)();
        }

        cable.Delay = _plan.Holds(SimulatedFault.Slow, now) ? SlowBy : TimeSpan.Zero;
        if (_plan.HeldFor(SimulatedFault.Reboots, now) is { } held)
        {
            if (held < _powerSince || held - _powerSince >= PowerFor || _powerSince == TimeSpan.Zero)
            {
                _powerSince = held > TimeSpan.Zero ? held : TimeSpan.FromTicks(1);
                LosePower();
            }
        }
        else
        {
            _powerSince = TimeSpan.Zero;
        }
    }

    private async Task CompareClocksAsync()
    {
        _tokens.Drop();
        await _tokens.GetAsync(CancellationToken.None); // its answer carries the hub's time
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _life = life;
        var mqtt = new MqttIdentityStore(_data);
        string version = _update.Version;
        var making = new LinkMaking(_boot, (settings, time) => MqttLinks.Create(_cable?.Through(settings) ?? settings, time), _around.Pace, version);
        var link = new AgentLink(_identity, mqtt, new MqttRenewal(_api, _tokens, mqtt, _around.Log), _time, _around.Log, making);
        link.Online += () => _around.Counters.OnOnline(DeviceId, _around.Since());
        link.CommandReceived += _ => _around.Counters.OnCommand();
        await using SimulatedLessons? lessons = _around.Lessons ? new SimulatedLessons(_data, _api, _tokens, _clock, _time, _around) : null;
        var window = new MetricsWindow(_boot, _time) { TakeLevel = () => _machine.Level(_around.Since()), TakeLoss = () => _machine.Loss(_around.Since()) };
        var telemetry = new TelemetryLoop(new TelemetrySurroundings(
            link, ReadMachine, () => _machine.Wanted, () => _machine.Flow(_around.Since()), window, VideoKbps: null, () => lessons?.Backlog,
            _clock, _boot, _data, version, _time, _around.Log));
        var commands = new CommandRunner(
            link, RemoteCommands.Of(null, _ => Task.FromResult(true), _ => Task.FromResult(telemetry.CheckNow()), link.RotateAsync, _update.RunAsync),
            new CommandMemory(new JsonFile<RememberedCommands>(Path.Combine(_data, "telemetry", "commands.json"))), () => _clock.Now, EndLife,
            _time, _around.Log);
        if (_update.TakePending() is { } result)
        {
            commands.Tell(result);
        }

        (_link, _telemetry, _silent) = (link, telemetry, false);
        Task[] parts = [telemetry.RunAsync(life.Token), commands.RunAsync(life.Token), link.RunAsync(life.Token), lessons?.RunAsync(life.Token) ?? Task.CompletedTask];
        await Task.WhenAll(parts);
        (_link, _telemetry, _life) = (null, null, null);
    }

    private MachineReadings ReadMachine() => _machine.Read(_around.Since());

    private void EndLife()
    {
        try
        {
            _life?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
