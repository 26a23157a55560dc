using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Releases;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>
/// One device's health: reports go in, a <see cref="HealthView"/> and the changes of its issues come out. Pure: time is an argument, nothing is read
/// or written. One owner; not thread-safe.
/// </summary>
internal sealed class DeviceHealth(HealthOptions options, Func<IssueKind, IssueTiming> timing, Presence? presence = null)
{
    /// <summary>Minute readings looked at together.</summary>
    private const int Window = 5;

    /// <summary>Faults of one device that are followed at once: more is a device that makes them up.</summary>
    private const int MostWatches = 32;

    /// <summary>What an event said is believed for so long when nothing takes it back.</summary>
    private static readonly TimeSpan EventLasts = TimeSpan.FromHours(1);

    private readonly Queue<MetricsReport> _readings = new();
    private readonly Dictionary<(IssueKind Kind, string Part), (double? Value, DateTimeOffset At)> _events = [];
    private readonly Dictionary<(IssueKind Kind, string Part), IssueWatch> _watches = [];
    private readonly List<IssueChange> _changes = [];
    private readonly BootHistory _boots = new();
    private HealthView? _last;

    public Presence Presence { get; } = presence ?? new Presence();

    /// <summary>The last inventory; null: none came.</summary>
    public HardwareReport? Hardware { get; private set; }

    public ReportedConfiguration? Reported { get; private set; }

    /// <summary>The last minute's readings; null: none since the hub's start.</summary>
    public MetricsReport? Readings => _readings.LastOrDefault();

    /// <summary>UTC of the hub: when <see cref="Readings"/> came.</summary>
    public DateTimeOffset? ReadingsAt { get; private set; }

    public void Restore(IssueKind kind, string part, DateTimeOffset since, double? value) =>
        _watches[(kind, part)] = IssueWatch.Restore(kind, part, timing(kind), since, value);

    public void OnState(AgentState state, bool retained, DateTimeOffset now)
    {
        if (Presence.OnState(state, retained, now) && state.Online)
        {
            _boots.OnBirth(state.Boot, now);
        }
    }

    /// <summary>An older inventory of the same boot is ignored.</summary>
    public bool OnHardware(HardwareReport report)
    {
        if (Hardware is { } known && known.Boot == report.Boot && report.Sequence < known.Sequence)
        {
            return false;
        }

        Hardware = report;
        return true;
    }

    public void OnReported(ReportedConfiguration reported) => Reported = reported;

    /// <returns>False: one that was counted already.</returns>
    public bool OnMetrics(MetricsReport report, DateTimeOffset now)
    {
        if (Readings is { } last && last.Boot == report.Boot && report.Sequence <= last.Sequence)
        {
            return false;
        }

        Presence.OnHeartbeat(now);
        _readings.Enqueue(report);
        ReadingsAt = now;
        while (_readings.Count > Window)
        {
            _readings.Dequeue();
        }

        return true;
    }

    /// <summary>What was sent late goes into the history only.</summary>
    public void OnFault(FaultEvent fault, DateTimeOffset now)
    {
        (IssueKind, string) key = (IssueKinds.Of(fault.Fault), fault.PartId ?? "");
        if (fault.Historical)
        {
            DateTimeOffset at = fault.At < now ? fault.At : now;
            _changes.Add(new IssueChange(key.Item1, key.Item2, fault.Raised, at, at, fault.Value, IssueSeverity.Information, Historical: true));
        }
        else if (fault.Raised)
        {
            if (_events.Count < MostWatches || _events.ContainsKey(key))
            {
                _events[key] = (fault.Value, now);
            }
        }
        else
        {
            _events.Remove(key);
        }
    }

    /// <summary>Judges this moment. Call it after every report and at every tick; issues are raised and cleared by it.</summary>
    public HealthView Judge(HealthContext context, DateTimeOffset now)
    {
        PresenceState presence = Presence.At(context.Sight, options, now);
        RoomMoment moment = context.Times.At(now);
        if (context.DisabledAt is null && presence is not (PresenceState.Unseen or PresenceState.Never))
        {
            Watch(presence, context, moment, now);
        }

        List<CurrentIssue> issues =
        [
            .. _watches.Values.Where(w => w.Raised && !(IssueKinds.PartOf(w.Kind) is { } part && context.AbsentParts.Contains(part)))
                .Select(w => new CurrentIssue(w.Kind, w.Part, w.Since!.Value, w.Value, IssueKinds.SeverityOf(w.Kind, moment), w.Recovering))
                .OrderByDescending(i => i.Severity).ThenBy(i => i.Kind).ThenBy(i => i.Since).ThenBy(i => i.Part, StringComparer.Ordinal),
        ];
        (HealthState state, HealthReason reason) = Verdicts.Of(context, presence, Presence, issues, options, now);
        DateTimeOffset since = _last is { } last && last.State == state ? last.Since : _last is null ? reason.Since ?? now : now;
        return _last = new HealthView(
            state, reason, since, presence, moment, issues, context.Times.Current(now), context.Times.Next(now), Presence.ConnectedAt, Presence.HeardAt, context.Contact);
    }

    /// <summary>Hands out what came and went since the last call.</summary>
    public IReadOnlyList<IssueChange> TakeChanges()
    {
        if (_changes.Count == 0)
        {
            return [];
        }

        IssueChange[] taken = [.. _changes];
        _changes.Clear();
        return taken;
    }

    private void Watch(PresenceState presence, HealthContext context, RoomMoment moment, DateTimeOffset now)
    {
        var bad = new Dictionary<(IssueKind, string), Condition>();
        foreach (Condition condition in presence == PresenceState.Up ? WhileUp(context, now) : [])
        {
            bad.TryAdd((condition.Kind, condition.Part), condition);
        }

        if (presence == PresenceState.Down)
        {
            bad[(IssueKind.Offline, "")] = new Condition(IssueKind.Offline, "", null, Presence.DownAt ?? Presence.HeardAt);
        }
        else if (presence == PresenceState.Silent)
        {
            bad[(IssueKind.NoHeartbeat, "")] = new Condition(
                IssueKind.NoHeartbeat, "", Presence.HeardAt is { } heard ? Math.Floor((now - heard).TotalSeconds) : null, Presence.HeardAt);
        }

        foreach ((IssueKind kind, string part) in bad.Keys)
        {
            if (_watches.Count >= MostWatches && kind is not (IssueKind.Offline or IssueKind.NoHeartbeat))
            {
                continue;
            }

            _watches.TryAdd((kind, part), new IssueWatch(kind, part, timing(kind)));
        }

        foreach (IssueWatch watch in _watches.Values.ToList())
        {
            // What a part is like cannot be known while its device is away: neither raised nor cleared.
            bool known = presence == PresenceState.Up || watch.Kind is IssueKind.Offline or IssueKind.NoHeartbeat;
            if (known)
            {
                Step(watch, bad.TryGetValue((watch.Kind, watch.Part), out Condition condition) ? condition : null, moment, now);
            }
        }
    }

    private void Step(IssueWatch watch, Condition? condition, RoomMoment moment, DateTimeOffset now)
    {
        (DateTimeOffset? since, double? value) = (watch.Since, watch.Value);
        if (watch.On(condition, now) is { } raised)
        {
            _changes.Add(new IssueChange(
                watch.Kind, watch.Part, raised, (raised ? watch.Since : since) ?? now, now, raised ? watch.Value : value, IssueKinds.SeverityOf(watch.Kind, moment), false));
        }

        if (watch.Idle)
        {
            _watches.Remove((watch.Kind, watch.Part));
        }
    }

    private IEnumerable<Condition> WhileUp(HealthContext context, DateTimeOffset now)
    {
        List<Condition> parts = Hardware is { } hardware ? [.. Conditions.OfParts(hardware, context.AbsentParts)] : [];
        var named = parts.Select(c => c.Kind).ToHashSet();
        foreach ((IssueKind Kind, string Part) gone in _events.Where(e => now - e.Value.At > EventLasts).Select(e => e.Key).ToList())
        {
            _events.Remove(gone);
        }

        IEnumerable<Condition> said = _events
            .Where(e => !(IssueKinds.PartOf(e.Key.Kind) is { } about && context.AbsentParts.Contains(about)) && !named.Contains(e.Key.Kind))
            .Select(e => new Condition(e.Key.Kind, e.Key.Part, e.Value.Value, e.Value.At));
        named.UnionWith(_events.Keys.Select(k => k.Kind));
        IEnumerable<Condition> read = Conditions
            .OfReadings(_readings, context.Times.Current(now) is not null, k => _watches.Values.Any(w => w.Kind == k && w.Raised), options)
            .Where(c => !named.Contains(c.Kind) && !(IssueKinds.PartOf(c.Kind) is { } about && context.AbsentParts.Contains(about)));
        IEnumerable<Condition> seen = _boots.Conditions(now);
        if (context.MissesLessonSince is { } missing && now - missing >= options.JoinWithin)
        {
            seen = seen.Append(new Condition(IssueKind.NotInLesson, "", Math.Floor((now - missing).TotalSeconds), missing));
        }

        if (context.PasswordSince is { } made && now - made >= TimeSpan.FromDays(options.PasswordDays))
        {
            seen = seen.Append(new Condition(IssueKind.PasswordOld, "", Math.Floor((now - made).TotalDays), made.AddDays(options.PasswordDays)));
        }

        if (context.WantedVersion is { } wanted && Hardware is { } runs && AgentVersion.Compare(runs.AgentVersion, wanted) < 0)
        {
            seen = seen.Append(new Condition(IssueKind.VersionBehind, "", null, null));
        }

        return parts.Concat(said).Concat(read).Concat(seen);
    }
}
