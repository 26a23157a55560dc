using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

/// <summary>One device, its reports and a clock that the test moves; the hub has seen everything for an hour.</summary>
internal sealed class HealthScene
{
    public static readonly DateTimeOffset Morning = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);

    private readonly Guid _boot = Guid.NewGuid();
    private long _sequence;

    public HealthScene(HealthOptions? options = null, Presence? presence = null)
    {
        Options = options ?? new HealthOptions();
        Health = new DeviceHealth(Options, IssueTiming.From(Options), presence);
        Context = new HealthContext(Morning.AddDays(-30), null, new HashSet<PartKind>(), null, RoomTimes.None, new Sight(false, Morning.AddHours(-1), Morning.AddHours(-2)));
    }

    public HealthOptions Options { get; }

    public DeviceHealth Health { get; }

    public HealthContext Context { get; set; }

    public DateTimeOffset Now { get; private set; } = Morning;

    public HealthView View => Health.Judge(Context, Now);

    public Guid Connection { get; private set; }

    public static RoomTimes LessonAt(DateTimeOffset starts) =>
        new([new RoomLesson(Guid.NewGuid(), starts, starts.AddMinutes(40), "英语", SeatRole.Receiving, "r1")]);

    public static AgentState State(bool online, Guid boot, Guid connection, DateTimeOffset since) => new(online, online ? null : "lost", boot, connection, since, "0.2.0");

    public HealthScene Pass(TimeSpan by)
    {
        Now += by;
        return this;
    }

    /// <summary>Time passes with a report every minute and a judgement every five seconds.</summary>
    public HealthScene Live(TimeSpan by, Func<MetricsReport, MetricsReport>? change = null)
    {
        DateTimeOffset until = Now + by;
        for (int step = 0; Now < until; step++)
        {
            if (step % 12 == 0)
            {
                Heartbeat(change);
            }

            _ = View;
            Now += TimeSpan.FromSeconds(5);
        }

        return this;
    }

    public HealthScene Birth(Guid? boot = null)
    {
        Connection = Guid.NewGuid();
        Health.OnState(State(true, boot ?? _boot, Connection, Now), retained: false, Now);
        return this;
    }

    /// <summary>A will that came as long ago as is waited for the device; a farewell that comes now.</summary>
    public HealthScene Will(string reason = "lost")
    {
        DateTimeOffset told = reason == "lost" ? Now - new HealthOptions().LostGrace : Now;
        Health.OnState(State(false, _boot, Connection, Now.AddMinutes(-1)) with { Reason = reason }, retained: false, told);
        return this;
    }

    public HealthScene Heartbeat(Func<MetricsReport, MetricsReport>? change = null)
    {
        MetricsReport report = Readings(_boot, ++_sequence, Now);
        Health.OnMetrics(change is null ? report : change(report), Now);
        return this;
    }

    public HealthScene Parts(params PartReport[] parts)
    {
        Health.OnHardware(new HardwareReport(_boot, ++_sequence, Now, "0.2.0", "Debian 12", "N100", "Intel N100", 4, 8L << 30, parts));
        return this;
    }

    public HealthScene Fault(FaultKind kind, bool raised = true, bool historical = false)
    {
        Health.OnFault(new FaultEvent(Guid.NewGuid(), _boot, Now, kind, null, raised, null, historical), Now);
        return this;
    }

    public static MetricsReport Readings(Guid boot, long sequence, DateTimeOffset at) =>
        new(boot, sequence, at, sequence * 60_000, 20, 40, 55, 80L << 30, 100L << 30, 12, 18, 0, 0, 0, -30, 25);

    public static PartReport Part(PartKind kind, PartStatus status, FaultKind? fault = null) => new(kind, kind.ToString().ToLowerInvariant(), "USB", status, fault, null);
}
