using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts;

/// <summary>A county's devices, the engine over them and a clock that the test moves. The book goes through its stored form never: a step is what counts.</summary>
internal sealed class AlertScene
{
    public static readonly DateTimeOffset Morning = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);

    private readonly List<PlannedNotice> _notices = [];
    private readonly List<AlertHappening> _happenings = [];

    public AlertsOptions Options { get; init; } = new();

    public Dictionary<string, SceneDevice> Devices { get; } = new(StringComparer.Ordinal);

    public Dictionary<AlertKind, AlertRule> Rules { get; } = [];

    public List<AlertSilence> Silences { get; } = [];

    public HashSet<Guid> Acknowledged { get; } = [];

    public Sight? Sight { get; set; } = new(false, Morning.AddDays(-1), null);

    public DateTimeOffset? AliveDue { get; set; }

    public AlertBook Book { get; set; } = AlertBook.Empty;

    public DateTimeOffset Now { get; set; } = Morning;

    /// <summary>Everything planned so far.</summary>
    public IReadOnlyList<PlannedNotice> Notices => _notices;

    public IReadOnlyList<AlertHappening> Happenings => _happenings;

    /// <summary>Adds rooms with one device each, all well, in class.</summary>
    public AlertScene School(string name, int rooms)
    {
        var school = Guid.NewGuid();
        for (int i = 0; i < rooms; i++)
        {
            string id = $"{name}-{i}";
            Devices[id] = new SceneDevice(id, school, name, Guid.NewGuid());
        }

        return this;
    }

    public SceneDevice this[string id] => Devices[id];

    public Alert Alert(AlertKind kind) => Assert.Single(Book.Alerts.Values, a => a.Kind == kind);

    public AlertStep Step()
    {
        AlertStep step = AlertEngine.Step(Book, SightNow(), new AlertPolicy(Options, Rules, Silences, Acknowledged), Now);
        Book = step.After;
        _notices.AddRange(step.Notices);
        _happenings.AddRange(step.Happenings);
        return step;
    }

    public AlertSight SightNow() => new([.. Devices.Values.Select(d => d.Watched(Now))], Sight, AliveDue);

    /// <summary>Time passes with a step every few seconds, the last one at its end.</summary>
    public AlertScene Pass(TimeSpan by, int every = 5)
    {
        DateTimeOffset until = Now + by;
        Step();
        while (Now < until)
        {
            Now = Now.AddSeconds(every) < until ? Now.AddSeconds(every) : until;
            Step();
        }

        return this;
    }

    public AlertScene PassSeconds(int seconds) => Pass(TimeSpan.FromSeconds(seconds));

    public AlertScene PassMinutes(double minutes) => Pass(TimeSpan.FromMinutes(minutes));

    public AlertSilence Silence(SceneDevice device, AlertKind? kind, TimeSpan lasts)
    {
        var silence = new AlertSilence
        {
            Id = Guid.NewGuid(),
            SchoolId = device.SchoolId,
            DeviceId = device.Id,
            Kind = kind,
            Reason = "x",
            From = Now,
            Until = Now + lasts,
            Author = "x",
        };
        Silences.Add(silence);
        return silence;
    }
}

/// <summary>A device as the engine sees it.</summary>
internal sealed class SceneDevice(string id, Guid schoolId, string school, Guid roomId)
{
    private readonly Dictionary<(IssueKind Kind, string Part), DateTimeOffset> _issues = [];

    public string Id => id;

    public Guid SchoolId => schoolId;

    public RoomMoment Moment { get; set; } = RoomMoment.InClass;

    public HealthState? State { get; set; }

    public bool SwitchedOff { get; set; }

    public bool Unjudged { get; set; }

    public List<EvidenceTrouble> Evidence { get; } = [];

    public SceneDevice Break(IssueKind kind, DateTimeOffset since, string part = "")
    {
        _issues.TryAdd((kind, part), since);
        return this;
    }

    public SceneDevice Mend(IssueKind kind, string part = "")
    {
        _issues.Remove((kind, part));
        return this;
    }

    public bool Has(IssueKind kind) => _issues.ContainsKey((kind, ""));

    public WatchedDevice Watched(DateTimeOffset now)
    {
        List<CurrentIssue> issues = [.. _issues.Select(i => new CurrentIssue(i.Key.Kind, i.Key.Part, i.Value, null, IssueKinds.SeverityOf(i.Key.Kind, Moment), false))];
        bool away = Has(IssueKind.Offline);
        var reason = new HealthReason(SwitchedOff ? "Health.Why.SwitchedOff" : "Health.Why.Healthy");
        var view = new HealthView(
            State ?? (issues.Count == 0 ? HealthState.Healthy : HealthState.Degraded), reason, now, away ? PresenceState.Down : PresenceState.Up, Moment, issues, null, null, now, now, now);
        return new WatchedDevice(id, schoolId, "石门镇", school, roomId, "三年级教室", Unjudged ? null : view) { Evidence = [.. Evidence] };
    }
}
