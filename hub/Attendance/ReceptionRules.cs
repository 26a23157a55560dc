using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Attendance;

/// <summary>When a report says that a classroom really saw and heard.</summary>
internal static class ReceptionRules
{
    /// <summary>Below this the room was as silent as an unplugged cable, dBFS RMS.</summary>
    private const double NoiseFloorDb = -60;

    private static readonly TimeSpan LongestReport = TimeSpan.FromSeconds(60);

    /// <summary>Moving, not black, and not standing still for more than half of the time.</summary>
    public static bool Sees(ReceptionReport report) =>
        report.FramesPerSecond >= 1 && !report.Black && report.FreezeMs < (report.To - report.From).TotalMilliseconds / 2;

    public static bool Hears(ReceptionReport report) => report.SoundDb > NoiseFloorDb;

    /// <summary>Numbers that no honest device sends are not evidence.</summary>
    /// <param name="now">The hub's clock: nothing can have been seen after it, apart from a small clock error.</param>
    public static bool IsPlausible(ReceptionReport report, DateTimeOffset now) =>
        report.StreamId is { Length: > 0 and <= 32 }
        && report.To > report.From && report.To - report.From <= LongestReport && report.To <= now.AddSeconds(5)
        && double.IsFinite(report.FramesPerSecond) && double.IsFinite(report.SoundDb) && double.IsFinite(report.LossPercent)
        && report.FramesPerSecond is >= 0 and <= 240 && report.FreezeMs >= 0 && report.FirstPictureMs is null or (>= 0 and <= 600_000);
}
