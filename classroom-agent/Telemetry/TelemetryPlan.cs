using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>What is to be sent now.</summary>
/// <param name="Events">Oldest first.</param>
internal sealed record TelemetryDue(bool Hardware, bool Reported, bool Metrics, IReadOnlyList<FaultEvent> Events)
{
    public bool Nothing => !Hardware && !Reported && !Metrics && Events.Count == 0;
}

/// <summary>
/// Decides what a device sends when: inventory and configuration on change and at every connect, readings every minute with jitter, an event when a fault comes or
/// goes. Pure: time is an argument. What was not taken by the broker stays due. Not thread-safe.
/// </summary>
/// <param name="raised">Faults that were told before the agent was restarted: they are told to be over when they are.</param>
/// <param name="random">0 up to 1, for the jitter.</param>
internal sealed class TelemetryPlan(Guid boot, IEnumerable<RaisedFault> raised, Func<double> random)
{
    /// <summary>So many events wait at most; the oldest go first: the inventory says what is now.</summary>
    public const int MostEvents = 100;

    /// <summary>The share of the interval by which readings come earlier or later.</summary>
    public const double Jitter = 0.1;

    /// <summary>The first readings of a connection come within this time: a county of devices connects at once.</summary>
    public static readonly TimeSpan FirstWithin = TimeSpan.FromSeconds(10);

    /// <summary>An event that waited longer is history.</summary>
    public static readonly TimeSpan LiveFor = TimeSpan.FromSeconds(60);

    private readonly HashSet<RaisedFault> _raised = [.. raised];
    private readonly List<(FaultEvent Event, TimeSpan Since)> _events = [];
    private IReadOnlyList<PartReport>? _told;
    private IReadOnlyList<PartReport> _parts = [];
    private bool _reportedDue = true;
    private TimeSpan? _metricsAt;

    /// <summary>Faults that hold now.</summary>
    public IReadOnlyCollection<RaisedFault> Raised => _raised;

    public void OnOnline(Moment now) => (_told, _reportedDue, _metricsAt) = (null, true, now.Mono + (FirstWithin * random()));

    public void OnConfiguration() => _reportedDue = true;

    /// <returns>True when a fault came or went.</returns>
    public bool OnParts(IReadOnlyList<PartReport> parts, Moment now)
    {
        _parts = parts;
        Dictionary<RaisedFault, double?> faults = parts.Where(p => p.Fault is not null).DistinctBy(p => (p.Fault, p.Id))
            .ToDictionary(p => new RaisedFault(p.Fault!.Value, p.Id), p => p.Value);
        List<RaisedFault> gone = [.. _raised.Where(r => r.PartId is not null && !faults.ContainsKey(r))];
        List<RaisedFault> come = [.. faults.Keys.Where(f => !_raised.Contains(f))];
        gone.ForEach(f => Change(f, false, null, now));
        come.ForEach(f => Change(f, true, faults[f], now));
        return gone.Count + come.Count > 0;
    }

    /// <summary>A fault that is of no part: of the outbox, of the recording.</summary>
    /// <returns>True when it came or went.</returns>
    public bool OnFault(FaultKind fault, bool holds, double? value, Moment now)
    {
        var named = new RaisedFault(fault, null);
        if (_raised.Contains(named) == holds)
        {
            return false;
        }

        Change(named, holds, value, now);
        return true;
    }

    public TelemetryDue Due(Moment now) => new(
        _parts.Count > 0 && (_told is null || !Same(_told, _parts)), _reportedDue, _metricsAt <= now.Mono,
        [.. _events.Select(e => now.Mono - e.Since > LiveFor ? e.Event with { Historical = true } : e.Event)]);

    public void OnHardwareSent(IReadOnlyList<PartReport> parts) => _told = parts;

    public void OnReportedSent() => _reportedDue = false;

    public void OnEventSent(Guid id) => _events.RemoveAll(e => e.Event.Id == id);

    /// <summary>Readings are taken for sent whatever became of them: the next ones are better than the same again.</summary>
    public void OnMetricsSent(Moment now, TimeSpan interval) => _metricsAt = now.Mono + (interval * (1 + (Jitter * ((2 * random()) - 1))));

    /// <summary>Readings that only vary are no change: the minute's report has them.</summary>
    private static bool Same(IReadOnlyList<PartReport> a, IReadOnlyList<PartReport> b) =>
        a.Select(p => p with { Value = null }).SequenceEqual(b.Select(p => p with { Value = null }));

    private void Change(RaisedFault fault, bool raised, double? value, Moment now)
    {
        _ = raised ? _raised.Add(fault) : _raised.Remove(fault);
        _events.Add((new FaultEvent(Guid.NewGuid(), boot, now.Wall, fault.Fault, fault.PartId, raised, value, Historical: false), now.Mono));
        if (_events.Count > MostEvents)
        {
            _events.RemoveAt(0);
        }
    }
}

/// <param name="PartId">Null: of no part.</param>
internal sealed record RaisedFault(FaultKind Fault, string? PartId);

/// <param name="Wall">UTC by the device's clock, for people; it may be set.</param>
/// <param name="Mono">Goes on whatever is done to the clock; its zero is arbitrary.</param>
internal readonly record struct Moment(DateTimeOffset Wall, TimeSpan Mono)
{
    public static Moment Of(TimeProvider time) => new(time.GetUtcNow(), TimeSpan.FromSeconds((double)time.GetTimestamp() / time.TimestampFrequency));
}
