using System.Collections.Concurrent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Link;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>A device's health changed for those who look at it.</summary>
/// <param name="Before">Null: the first judgement.</param>
/// <param name="Issues">What came and went with it.</param>
internal sealed record HealthChange(string DeviceId, HealthView? Before, HealthView After, IReadOnlyList<IssueChange> Issues);

/// <summary>
/// The health of all devices in memory: hears the fleet, judges, keeps the newest views for pages and what is to be written for the
/// <see cref="HealthLoop"/>. Thread-safe; nothing here waits for the database.
/// </summary>
internal sealed class FleetHealth(HealthOptions options, DeviceStanding standing, TimeProvider clock) : IFleetListener
{
    /// <summary>Ten minutes of 2,000 devices: a database that is away for longer costs readings, never issues.</summary>
    private const int MostMinutes = 20_000;

    private readonly Lock _gate = new();
    private readonly Func<IssueKind, IssueTiming> _timing = IssueTiming.From(options);
    private readonly Dictionary<string, TrackedDevice> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HealthView> _views = new(StringComparer.Ordinal);
    private readonly Queue<DeviceMinute> _minutes = new();
    private readonly List<(string, IssueChange)> _issues = [];
    private long _dropped;
    private volatile Sight _sight = Sight.Started(clock.GetUtcNow());

    /// <summary>Raised after a device's view changed, on the thread that changed it and in order per device; must not block.</summary>
    public event Action<HealthChange>? Changed;

    /// <summary>Issues wait to be written.</summary>
    public event Action? Urgent;

    /// <summary>A device was heard that is not in the register yet.</summary>
    public event Action? HeardUnknown;

    public Sight Sight => _sight;

    /// <returns>Null: not enrolled, or not judged yet.</returns>
    public HealthView? ViewOf(string deviceId) => _views.GetValueOrDefault(deviceId);

    /// <summary>The newest inventory, configuration and readings of a device, for its page.</summary>
    public (HardwareReport? Hardware, ReportedConfiguration? Reported, MetricsReport? Readings, DateTimeOffset? ReadingsAt) ReportsOf(string deviceId)
    {
        lock (_gate)
        {
            return _devices.TryGetValue(deviceId, out TrackedDevice? device)
                ? (device.Health.Hardware, device.Health.Reported, device.Health.Readings, device.Health.ReadingsAt)
                : default;
        }
    }

    public void OnState(string deviceId, AgentState state, bool retained) => Hear(deviceId, (device, now) =>
    {
        device.Health.OnState(state, retained, now);
        device.Dirty = true;
    });

    public void OnHardware(string deviceId, HardwareReport report, bool retained) => Hear(deviceId, (device, _) => device.Dirty |= device.Health.OnHardware(report));

    public void OnReported(string deviceId, ReportedConfiguration reported, bool retained) => Hear(deviceId, (device, _) =>
    {
        device.Health.OnReported(reported);
        device.Dirty = true;
    });

    public void OnMetrics(string deviceId, MetricsReport report) => Hear(deviceId, (device, now) =>
    {
        if (!device.Health.OnMetrics(report, now))
        {
            return;
        }

        _minutes.Enqueue(MinuteOf(deviceId, report, now));
        while (_minutes.Count > MostMinutes)
        {
            _minutes.Dequeue();
            _dropped++;
        }
    });

    public void OnFault(string deviceId, FaultEvent fault) => Hear(deviceId, (device, now) => device.Health.OnFault(fault, now));

    public void OnResult(string deviceId, CommandResult result)
    {
        // Commands are not this part's business; a result is no heartbeat, for it may have been queued.
    }

    public void OnBlind(bool blind, DateTimeOffset at)
    {
        _sight = _sight.On(blind, at);
        Tick();
    }

    /// <summary>Judges every device anew: time alone changes states. Called every few seconds.</summary>
    public void Tick()
    {
        List<HealthChange> changes = [];
        bool urgent;
        lock (_gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            foreach (TrackedDevice device in _devices.Values)
            {
                Judge(device, now, changes);
            }

            urgent = _issues.Count > 0;
        }

        Tell(changes, urgent);
    }

    /// <summary>Takes over the register: who is enrolled, what staff declared, what was known before the hub's restart.</summary>
    public void Register(IReadOnlyCollection<DeviceRegistration> all)
    {
        lock (_gate)
        {
            var ids = all.Select(d => d.DeviceId).ToHashSet(StringComparer.Ordinal);
            foreach (string gone in _devices.Keys.Where(id => !ids.Contains(id)).ToList())
            {
                _devices.Remove(gone);
                _views.TryRemove(gone, out _);
            }

            foreach (DeviceRegistration registration in all)
            {
                if (_devices.TryGetValue(registration.DeviceId, out TrackedDevice? device))
                {
                    device.Registration = registration;
                }
                else
                {
                    _devices[registration.DeviceId] = new TrackedDevice(registration, registration.Restore(options, _timing));
                }
            }
        }

        Tick();
    }

    /// <param name="times">By room and role; rooms not named have no lessons.</param>
    /// <param name="missing">Devices whose room's lesson is live without them.</param>
    public void OnTimetable(IReadOnlyDictionary<(Guid Room, DeviceRole Role), RoomTimes> times, Func<DeviceRegistration, RoomTimes, bool> missing)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            foreach (TrackedDevice device in _devices.Values)
            {
                device.Times = times.GetValueOrDefault((device.Registration.ClassroomId, device.Registration.Role), RoomTimes.None);
                device.MissesSince = missing(device.Registration, device.Times) ? device.MissesSince ?? now : null;
            }
        }
    }

    /// <summary>Hands out what waits to be written; give it back with <see cref="Return"/> when that failed.</summary>
    /// <param name="reportsToo">Also the newest reports and minute readings, not only issues.</param>
    public HealthBatch Take(bool reportsToo)
    {
        lock (_gate)
        {
            List<DeviceReport> reports = [];
            foreach (TrackedDevice device in reportsToo ? _devices.Values.Where(d => d.Dirty && d.Registration.Stored) : [])
            {
                device.Dirty = false;
                reports.Add(device.ToReport());
            }

            var batch = new HealthBatch([.. _issues], reportsToo ? [.. _minutes] : [], reports, _dropped);
            _issues.Clear();
            _dropped = 0;
            if (reportsToo)
            {
                _minutes.Clear();
            }

            return batch;
        }
    }

    public void Return(HealthBatch batch)
    {
        lock (_gate)
        {
            _issues.InsertRange(0, batch.Issues);
            _dropped += batch.Dropped;
            foreach (DeviceMinute minute in batch.Minutes.Take(MostMinutes - _minutes.Count))
            {
                _minutes.Enqueue(minute);
            }

            foreach (DeviceReport report in batch.Reports)
            {
                if (_devices.TryGetValue(report.DeviceId, out TrackedDevice? device))
                {
                    device.Dirty = true;
                }
            }
        }
    }

    private static DeviceMinute MinuteOf(string deviceId, MetricsReport report, DateTimeOffset now) => new()
    {
        DeviceId = deviceId,
        At = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero),
        Processor = Reading(report.ProcessorPercent),
        Memory = Reading(report.MemoryPercent),
        Temperature = Reading(report.TemperatureCelsius),
        DiskFree = Reading(Conditions.FreePercent(report)),
        ClockOffset = Reading(report.ClockOffsetMs),
        RoundTrip = Reading(report.RoundTripMs),
        Loss = Reading(report.LossPercent),
        Level = Reading(report.InputLevelDb),
        Pictures = Reading(report.FramesPerSecond),
        Backlog = Reading(report.OutboxAgeSeconds),
    };

    /// <summary>Foreign numbers: nothing that a chart or a database cannot hold.</summary>
    private static float? Reading(double? value) => value is { } number && Math.Abs(number) < 1e12 ? (float)number : null;

    private void Hear(string deviceId, Action<TrackedDevice, DateTimeOffset> take)
    {
        List<HealthChange> changes = [];
        bool urgent, unknown;
        lock (_gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (!_devices.TryGetValue(deviceId, out TrackedDevice? device))
            {
                device = _devices[deviceId] = TrackedDevice.Unknown(deviceId, now, options, _timing);
            }

            take(device, now);
            Judge(device, now, changes);
            (urgent, unknown) = (_issues.Count > 0, !device.Registration.Stored);
        }

        Tell(changes, urgent);
        if (unknown)
        {
            HeardUnknown?.Invoke();
        }
    }

    /// <summary>Outside the lock: listeners may ask for views.</summary>
    private void Tell(List<HealthChange> changes, bool urgent)
    {
        foreach (HealthChange change in changes)
        {
            Changed?.Invoke(change);
        }

        if (urgent)
        {
            Urgent?.Invoke();
        }
    }

    private void Judge(TrackedDevice device, DateTimeOffset now, List<HealthChange> changes)
    {
        if (!device.Registration.Stored)
        {
            return; // judged once it is known who it is
        }

        string id = device.Registration.DeviceId;
        HealthView? before = device.View;
        HealthView view = device.View = _views[id] = device.Health.Judge(device.ContextAt(_sight, standing.SeenAt(id)), now);
        IReadOnlyList<IssueChange> issues = device.Health.TakeChanges();
        _issues.AddRange(issues.Select(i => (id, i)));
        if (before is null || issues.Count > 0 || before.State != view.State || before.Reason.Key != view.Reason.Key || before.Presence != view.Presence || before.Moment != view.Moment)
        {
            changes.Add(new HealthChange(id, before, view, issues));
        }
    }
}
