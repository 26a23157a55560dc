using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>Readings as the charts take them: times in Unix milliseconds and one list of numbers per reading, of equal length. Null: no reading.</summary>
internal sealed record ReadingLines(
    IReadOnlyList<long> Times, IReadOnlyList<float?> Processor, IReadOnlyList<float?> Memory, IReadOnlyList<float?> Temperature, IReadOnlyList<float?> RoundTrip,
    IReadOnlyList<float?> Loss, IReadOnlyList<float?> DiskFree)
{
    private const int MinutesUpTo = 48;

    public static async Task<ReadingLines> ReadAsync(HubDbContext db, string deviceId, DateTimeOffset now, int hours, CancellationToken cancel)
    {
        DateTimeOffset from = now.AddHours(-hours);
        List<Point> points = hours <= MinutesUpTo
            ? await db.Set<DeviceMinute>().AsNoTracking().Where(m => m.DeviceId == deviceId && m.At >= from).OrderBy(m => m.At)
                .Select(m => new Point(m.At, m.Processor, m.Memory, m.Temperature, m.RoundTrip, m.Loss, m.DiskFree)).ToListAsync(cancel)
            : await db.Set<DeviceHour>().AsNoTracking().Where(h => h.DeviceId == deviceId && h.Hour >= from).OrderBy(h => h.Hour)
                .Select(h => new Point(h.Hour, h.Processor, h.Memory, h.Temperature, h.RoundTrip, h.Loss, h.DiskFree)).ToListAsync(cancel);
        List<Point> whole = WithGaps(points, hours <= MinutesUpTo ? TimeSpan.FromMinutes(3) : TimeSpan.FromHours(2));
        return new ReadingLines(
            [.. whole.Select(p => p.At.ToUnixTimeMilliseconds())], [.. whole.Select(p => Rounded(p.Processor))], [.. whole.Select(p => Rounded(p.Memory))],
            [.. whole.Select(p => Rounded(p.Temperature))], [.. whole.Select(p => Rounded(p.RoundTrip))], [.. whole.Select(p => Rounded(p.Loss))],
            [.. whole.Select(p => Rounded(p.DiskFree))]);
    }

    /// <summary>Where nothing was read for long, the line breaks.</summary>
    private static List<Point> WithGaps(List<Point> points, TimeSpan longest)
    {
        List<Point> whole = [];
        foreach (Point point in points)
        {
            if (whole is [.., var last] && point.At - last.At > longest)
            {
                whole.Add(new Point(last.At + longest, null, null, null, null, null, null));
            }

            whole.Add(point);
        }

        return whole;
    }

    private static float? Rounded(float? value) => value is { } number ? MathF.Round(number, 1) : null;

    private sealed record Point(DateTimeOffset At, float? Processor, float? Memory, float? Temperature, float? RoundTrip, float? Loss, float? DiskFree);
}
