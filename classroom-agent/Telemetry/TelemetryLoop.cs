using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>What telemetry needs of the rest of the agent.</summary>
/// <param name="Machine">Reads the machine; takes milliseconds, may be called from anywhere.</param>
/// <param name="VideoKbps">What the encoder was started with; null: nothing is encoded.</param>
/// <param name="Backlog">Evidence that waits; null: not known.</param>
/// <param name="Data">The agent's data folder.</param>
/// <param name="Version">Of the agent, as it reports it.</param>
internal sealed record TelemetrySurroundings(
    ITelemetryLink Link, Func<MachineReadings> Machine, Func<PartExpectations> Wanted, Func<Flows> Flows, MetricsWindow Window, int? VideoKbps, Func<Backlog?> Backlog,
    HubClock Clock, Guid Boot, string Data, string Version, TimeProvider Time, ILogger Log);

/// <summary>Drives <see cref="TelemetryPlan"/>: reads the machine every few seconds and sends what is due while the line is up. Its calls are thread-safe.</summary>
internal sealed class TelemetryLoop
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(5);

    /// <summary>A broker that does not take a message (no right, no room) is not asked again at once.</summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(15);

    /// <summary>Of so many round trips the shortest counts: one late answer is no slow line.</summary>
    private const int TripsKept = 3;

    private readonly TelemetrySurroundings _around;
    private readonly TelemetryPlan _plan;
    private readonly JsonFile<DesiredConfiguration> _desiredFile;
    private readonly JsonFile<RaisedFault[]> _faultsFile;
    private readonly ConcurrentQueue<Action> _events = [];
    private readonly Queue<TimeSpan> _trips = [];
    private volatile ReportedConfiguration _configuration;
    private volatile IReadOnlySet<FaultKind> _faults = new HashSet<FaultKind>();
    private volatile TaskCompletionSource _woken = Fresh();
    private (MachineReadings Machine, IReadOnlyList<PartReport> Parts)? _last;
    private TimeSpan _readAt;
    private TimeSpan _notBefore;
    private TimeSpan? _trip;
    private long _sequence;

    public TelemetryLoop(TelemetrySurroundings around)
    {
        _around = around;
        string folder = Path.Combine(around.Data, "telemetry");
        _desiredFile = new JsonFile<DesiredConfiguration>(Path.Combine(folder, "desired.json"));
        _faultsFile = new JsonFile<RaisedFault[]>(Path.Combine(folder, "faults.json"));
        _configuration = Carried(_desiredFile.Load() ?? new DesiredConfiguration(0, []));
        _plan = new TelemetryPlan(around.Boot, _faultsFile.Load() ?? [], Random.Shared.NextDouble);
        around.Link.Online += () => Post(GoOnline);
        around.Link.DesiredReceived += desired => Post(() => Take(desired));
    }

    public ReportedConfiguration Configuration => _configuration;

    /// <summary>The broker has taken the report of parts since this start.</summary>
    public bool HasReported { get; private set; }

    private Moment Now => Moment.Of(_around.Time);

    private TimeSpan? ClockOffset => _around.Clock.Error is null ? null : -_around.Clock.Offset;

    /// <summary>A fault that is of no part has come or gone.</summary>
    public void OnFault(FaultKind fault, bool holds, double? value = null) => Post(() =>
    {
        if (_plan.OnFault(fault, holds, value, Now))
        {
            KeepFaults();
        }
    });

    /// <summary>Reads and judges everything now.</summary>
    public IReadOnlyList<PartReport> CheckNow()
    {
        IReadOnlyList<PartReport> parts = Judged(_around.Machine());
        _woken.TrySetResult();
        return parts;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                _woken = Fresh(); // before the events are taken: what comes meanwhile wakes again
                while (_events.TryDequeue(out Action? act))
                {
                    act();
                }

                Read();
                if (_around.Link.IsOnline && Now.Mono >= _notBefore && !await SendAsync(stop))
                {
                    _notBefore = Now.Mono + AfterRefusal;
                }

                await Task.WhenAny(_woken.Task, Task.Delay(Beat, stop));
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Post(Action act)
    {
        _events.Enqueue(act);
        _woken.TrySetResult();
    }

    private void GoOnline()
    {
        _notBefore = TimeSpan.Zero;
        _plan.OnOnline(Now);
    }

    private void Take(DesiredConfiguration desired)
    {
        if (!_desiredFile.TrySave(desired))
        {
            _around.Log.ConfigurationNotKept(desired.Version);
        }

        _configuration = Carried(desired);
        _around.Log.ConfigurationTaken(desired.Version, string.Join(' ', _configuration.Refused));
        _readAt = TimeSpan.Zero; // parts declared absent show at once
        _plan.OnConfiguration();
    }

    private ReportedConfiguration Carried(DesiredConfiguration desired) => DeviceConfiguration.Of(desired, _around.VideoKbps, _around.Version);

    private void Read()
    {
        if (_last is not null && _readAt != TimeSpan.Zero && Now.Mono - _readAt < ReadEvery)
        {
            return;
        }

        _readAt = Now.Mono;
        MachineReadings machine = _around.Machine();
        IReadOnlyList<PartReport> parts = Judged(machine);
        _last = (machine, parts);
        _faults = PartJudge.Faults(parts);
        if (_plan.OnParts(parts, Now))
        {
            KeepFaults();
        }
    }

    /// <summary>Of what is of no part nobody would say after a restart that it is over: the hub forgets it by itself.</summary>
    private void KeepFaults() => _faultsFile.TrySave([.. _plan.Raised.Where(f => f.PartId is not null)]);

    private IReadOnlyList<PartReport> Judged(MachineReadings machine) => PartJudge.Judge(
        machine, _around.Wanted() with { Absent = _configuration.AbsentParts.ToHashSet() }, _around.Flows(), new HubDistance(ClockOffset, _trip), _faults);

    /// <returns>False: the broker did not take something.</returns>
    private async Task<bool> SendAsync(CancellationToken stop)
    {
        TelemetryDue due = _plan.Due(Now);
        (MachineReadings machine, IReadOnlyList<PartReport> parts) = _last!.Value;
        if (due.Hardware)
        {
            if (!await TakenAsync(UpKind.Hardware, Inventory(machine, parts), stop))
            {
                return false;
            }

            _plan.OnHardwareSent(parts);
            HasReported = true;
        }

        if (due.Reported)
        {
            ReportedConfiguration configuration = _configuration;
            if (!await TakenAsync(UpKind.Reported, configuration, stop))
            {
                return false;
            }

            _plan.OnReportedSent();
        }

        foreach (FaultEvent fault in due.Events)
        {
            if (!await TakenAsync(UpKind.Event, fault, stop))
            {
                return false;
            }

            _plan.OnEventSent(fault.Id);
        }

        if (due.Metrics)
        {
            OnTrip(await _around.Link.MeasureAsync(stop));
            MetricsReport report = _around.Window.Take(_around.Machine(), ClockOffset, _around.VideoKbps is not null, _around.Backlog(), NextSequence());
            await _around.Link.PublishAsync(UpKind.Metrics, report, stop);
            _plan.OnMetricsSent(Now, TimeSpan.FromSeconds(_configuration.MetricsSeconds));
        }

        return true;
    }

    private async Task<bool> TakenAsync<T>(UpKind kind, T report, CancellationToken stop)
    {
        long sent = _around.Time.GetTimestamp();
        MqttPublishResult result = await _around.Link.PublishAsync(kind, report, stop);
        if (result.IsOk)
        {
            OnTrip(_around.Time.GetElapsedTime(sent));
        }
        else if (result.Reason is not (MqttReason.NotConnected or MqttReason.ConnectionLost))
        {
            _around.Log.ReportRefused(kind, result.Reason);
        }

        return result.IsOk;
    }

    private HardwareReport Inventory(MachineReadings machine, IReadOnlyList<PartReport> parts) => new(
        _around.Boot, NextSequence(), _around.Time.GetUtcNow(), _around.Version, machine.OperatingSystem, machine.Model, machine.Processor, machine.ProcessorCount,
        machine.MemoryBytes, parts);

    /// <summary>The milliseconds since the machine started: they rise within one boot also over restarts of the agent, without a file.</summary>
    private long NextSequence() => _sequence = Math.Max(_sequence + 1, Environment.TickCount64);

    private void OnTrip(TimeSpan? trip)
    {
        if (trip is { } measured)
        {
            _around.Window.OnRoundTrip(measured);
            _trips.Enqueue(measured);
            if (_trips.Count > TripsKept)
            {
                _trips.Dequeue();
            }

            _trip = _trips.Count == TripsKept ? _trips.Min() : null;
        }
    }
}
