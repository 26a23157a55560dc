using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>Section <c>Health</c>: from when on something counts as wrong, and how long its history is kept.</summary>
[Section("Health")]
internal sealed record HealthOptions : IValidatableObject
{
    /// <summary>Connected without a report for so long is "no heartbeat". 70 s to 1 h; default 150 s (two reports missed).</summary>
    [Range(typeof(TimeSpan), "00:01:10", "01:00:00")]
    public TimeSpan NoHeartbeat { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// A connection that was lost and comes back within this time was never away. (The broker could wait as well, but Mosquitto 2.0 keeps all wills waiting as long as
    /// any device is lost: so devices' wills have no delay.) 5 s to 60 s; default 15 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:01:00")]
    public TimeSpan LostGrace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A report from a device whose connection was said to be over is believed for so long. 10 s to 90 s; default 80 s.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:01:30")]
    public TimeSpan HeardOnly { get; init; } = TimeSpan.FromSeconds(80);

    /// <summary>After the hub sees again, silence means nothing for so long. 10 s to 90 s; default 90 s.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:01:30")]
    public TimeSpan SightGrace { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>A new device may be silent for so long before it counts as unmonitored. 10 min to 30 days; default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan Onboarding { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A live lesson's device that has not joined so long after its start. 30 s to 10 min; default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "00:10:00")]
    public TimeSpan JoinWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Of the last five minute readings, so many must be bad. 1 to 5; default 3.</summary>
    [Range(1, 5)]
    public int BadReadings { get; init; } = 3;

    /// <summary>Hot from here, in degrees Celsius. 50 to 110; default 85. Cool again 5 below.</summary>
    [Range(50, 110)]
    public int HotCelsius { get; init; } = 85;

    /// <summary>Memory full from here, in per cent. 50 to 100; default 95. Well again 3 below.</summary>
    [Range(50, 100)]
    public int MemoryPercent { get; init; } = 95;

    /// <summary>Disk nearly full below, in per cent free. 1 to 50; default 10. Well again 2 above.</summary>
    [Range(1, 50)]
    public int DiskFreePercent { get; init; } = 10;

    /// <summary>Clock off from here, in milliseconds either way. 100 to 60000; default 2000. Well again at half.</summary>
    [Range(100, 60000)]
    public int ClockOffMs { get; init; } = 2000;

    /// <summary>Network poor from this round trip, in milliseconds. 20 to 5000; default 400. Well again at three quarters.</summary>
    [Range(20, 5000)]
    public int RoundTripMs { get; init; } = 400;

    /// <summary>Network poor from this loss, in per cent. 1 to 50; default 5. Well again at half.</summary>
    [Range(1, 50)]
    public int LossPercent { get; init; } = 5;

    /// <summary>Evidence waits for so long before it is an issue. 1 min to 24 h; default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan BacklogAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>No sound below, in dBFS. -90 to -20; default -60.</summary>
    [Range(-90, -20)]
    public int SilentDb { get; init; } = -60;

    /// <summary>The encoder is slow below, in pictures per second. 1 to 30; default 18.</summary>
    [Range(1, 30)]
    public int SlowPictures { get; init; } = 18;

    /// <summary>A device's password at the broker is old after so many days. 30 to 3650; default 400.</summary>
    [Range(30, 3650)]
    public int PasswordDays { get; init; } = 400;

    /// <summary>
    /// How long a condition must last before it is an issue, and how long it must be gone before the issue is over: <c>Kind=raise/clear</c>, as
    /// <c>ProcessorHot=00:02:00/00:10:00</c>. Kinds not named keep what <see cref="IssueTiming"/> says.
    /// </summary>
    public IReadOnlyList<string> Timing { get; init; } = [];

    /// <summary>Minute readings are kept for so many days. 1 to 31; default 3.</summary>
    [Range(1, 31)]
    public int MinuteDays { get; init; } = 3;

    /// <summary>Hourly readings and ended issues are kept for so many days. 31 to 1100; default 400.</summary>
    [Range(31, 1100)]
    public int HistoryDays { get; init; } = 400;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Timing.Where(t => IssueTiming.Read(t) is null)
            .Select(t => new ValidationResult(string.Create(CultureInfo.InvariantCulture, $"'{t}' is not Kind=hh:mm:ss/hh:mm:ss"), [nameof(Timing)]));
}
