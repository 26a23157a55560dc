using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>Something that is bad at this moment, before hysteresis.</summary>
/// <param name="Since">When it began, where that is known better than "now"; null: now.</param>
internal readonly record struct Condition(IssueKind Kind, string Part, double? Value, DateTimeOffset? Since = null);

/// <summary>Reads conditions off a device's reports. Pure.</summary>
internal static class Conditions
{
    /// <summary>The part named by a poor network whose value is per cent lost; else it is milliseconds.</summary>
    public const string Loss = "loss";

    private const double CoolerBy = 5;
    private const double EmptierBy = 3;
    private const double FreerBy = 2;
    private const double SlowShare = 0.72;

    /// <summary>The parts that the last inventory calls faulty.</summary>
    public static IEnumerable<Condition> OfParts(HardwareReport hardware, IReadOnlySet<PartKind> absent) =>
        from part in hardware.Parts
        where part.Status is PartStatus.Warning or PartStatus.Failed or PartStatus.Missing && !absent.Contains(part.Kind)
        let kind = part.Fault is { } fault ? IssueKinds.Of(fault) : part.Status == PartStatus.Warning ? null : IssueKinds.Of(part.Kind)
        where kind is { } named && !(IssueKinds.PartOf(named) is { } about && absent.Contains(about))
        select new Condition(kind.Value, part.Id, part.Value);

    /// <summary>What the last minutes' readings say.</summary>
    /// <param name="readings">Newest last.</param>
    /// <param name="raised">Kinds that are issues already: their limit to be well again is a stricter one.</param>
    public static IEnumerable<Condition> OfReadings(
        IReadOnlyCollection<MetricsReport> readings, bool inLesson, Func<IssueKind, bool> raised, HealthOptions options)
    {
        return new[]
        {
            Judge(IssueKind.ProcessorHot, r => r.TemperatureCelsius, v => v >= options.HotCelsius - (raised(IssueKind.ProcessorHot) ? CoolerBy : 0)),
            Judge(IssueKind.MemoryFull, r => r.MemoryPercent, v => v >= options.MemoryPercent - (raised(IssueKind.MemoryFull) ? EmptierBy : 0)),
            Judge(IssueKind.DiskNearlyFull, FreePercent, v => v < options.DiskFreePercent + (raised(IssueKind.DiskNearlyFull) ? FreerBy : 0)),
            Judge(IssueKind.ClockOff, r => r.ClockOffsetMs, v => Math.Abs(v) > options.ClockOffMs * (raised(IssueKind.ClockOff) ? 0.5 : 1)),
            Judge(IssueKind.NetworkPoor, r => r.RoundTripMs, v => v > options.RoundTripMs * (raised(IssueKind.NetworkPoor) ? 0.75 : 1)),
            Judge(IssueKind.NetworkPoor, r => r.LossPercent, v => v > options.LossPercent * (raised(IssueKind.NetworkPoor) ? 0.5 : 1), Loss),
            Judge(IssueKind.OutboxBacklog, r => r.OutboxAgeSeconds, v => v > options.BacklogAge.TotalSeconds * (raised(IssueKind.OutboxBacklog) ? 0.5 : 1)),
            inLesson ? Judge(IssueKind.MicrophoneSilent, r => r.InputLevelDb, v => v < options.SilentDb) : null,
            inLesson ? Judge(IssueKind.EncoderSlow, r => Slow(r, options) ? r.FramesPerSecond : null, _ => true) : null,
        }.Where(c => c is not null).Select(c => c!.Value).DistinctBy(c => c.Kind);

        Condition? Judge(IssueKind kind, Func<MetricsReport, double?> reading, Func<double, bool> bad, string part = "")
        {
            List<double> values = [.. readings.Select(reading).Where(v => v is { } number && double.IsFinite(number)).Select(v => v!.Value)];
            return values.Count(bad) >= options.BadReadings ? new Condition(kind, part, values.Last(bad)) : null;
        }
    }

    /// <summary>A camera's own pictures are nobody's encoder; a device set to few pictures is not slow at them.</summary>
    private static bool Slow(MetricsReport reading, HealthOptions options) => reading.FramesWanted switch
    {
        null => reading.FramesPerSecond < options.SlowPictures,
        { } wanted => reading.FramesPerSecond < Math.Min(options.SlowPictures, wanted * SlowShare),
    };

    /// <returns>Null: no such reading.</returns>
    public static double? FreePercent(MetricsReport reading) =>
        reading is { DiskFreeBytes: { } free, DiskTotalBytes: > 0 and var total } ? 100.0 * free / total : null;
}
