using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>When a record was written, by every clock there is.</summary>
/// <param name="At">The device's own clock, UTC, not corrected.</param>
/// <param name="OffsetMs">Hub's clock minus it; null: never compared.</param>
/// <param name="ErrorMs">How far the offset may be off by now; null: nobody knows.</param>
internal readonly record struct Stamp(DateTimeOffset At, long MonoMs, Guid Boot, ClockState Clock, long? OffsetMs, long? ErrorMs);

/// <summary>Reads the device's clocks and notices when the one that shows the time is set. Safe to use from anywhere.</summary>
internal sealed class DeviceClock(HubClock hub, TimeProvider time)
{
    /// <summary>How fast two ordinary quartz clocks part.</summary>
    private const double Drift = 50e-6;

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);
    private static readonly Guid ThisBoot = ReadBoot();

    private readonly Lock _gate = new();
    private TimeSpan? _apart;

    public Stamp Now()
    {
        DateTimeOffset at = time.GetUtcNow();
        TimeSpan? offset = hub.Known, error = hub.Error;
        TimeSpan age = hub.Age ?? TimeSpan.Zero;
        ClockState state = offset is null ? ClockState.Unknown : error is not null && age <= Fresh ? ClockState.Synced : ClockState.Estimated;
        return new Stamp(
            at, (long)Mono().TotalMilliseconds, ThisBoot, state, (long?)offset?.TotalMilliseconds, error is { } e ? (long)Math.Ceiling((e + (age * Drift)).TotalMilliseconds) : null);
    }

    /// <summary>Call every second or so.</summary>
    /// <returns>By how much the clock was set since the last call, new minus old; null: it was not.</returns>
    public TimeSpan? Watch()
    {
        lock (_gate)
        {
            TimeSpan apart = time.GetUtcNow() - DateTimeOffset.UnixEpoch - Mono();
            TimeSpan? jump = _apart is { } before && (apart - before).Duration() > Jump ? apart - before : null;
            _apart = apart; // a clock that is slewed moves a little every time
            if (jump is not null)
            {
                hub.OnDeviceClockSet();
            }

            return jump;
        }
    }

    private TimeSpan Mono() => TimeSpan.FromSeconds((double)time.GetTimestamp() / time.TimestampFrequency);

    private static Guid ReadBoot()
    {
        try
        {
            return Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return Guid.NewGuid(); // then every start of the agent counts as one of the machine
        }
    }
}
