using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>Keeps the history bounded: minutes become hours, what is too old goes. Safe to run again at any time.</summary>
internal sealed class MetricsHistory(IServiceScopeFactory scopes, HealthOptions options)
{
    /// <summary>Hours looked back for: a hub that was off catches up.</summary>
    private const int CatchUpHours = 48;

    public async Task KeepAsync(DateTimeOffset now, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        DateTimeOffset thisHour = new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        DateTimeOffset last = await db.Set<DeviceHour>().MaxAsync(h => (DateTimeOffset?)h.Hour, stop) ?? DateTimeOffset.MinValue;
        DateTimeOffset earliest = thisHour.AddHours(-CatchUpHours);
        for (DateTimeOffset hour = last < earliest ? earliest : last.AddHours(1); hour < thisHour; hour = hour.AddHours(1))
        {
            await SumUpAsync(db, hour, stop);
        }

        DateTimeOffset minutesFrom = now.AddDays(-options.MinuteDays), historyFrom = now.AddDays(-options.HistoryDays);
        var firstDay = DateOnly.FromDateTime(historyFrom.UtcDateTime);
        await db.Set<DeviceMinute>().Where(m => m.At < minutesFrom).ExecuteDeleteAsync(stop);
        await db.Set<DeviceHour>().Where(h => h.Hour < historyFrom).ExecuteDeleteAsync(stop);
        await db.Set<DeviceIssue>().Where(i => i.ClearedAt < historyFrom).ExecuteDeleteAsync(stop);
        await db.Set<DeviceDay>().Where(d => d.Day < firstDay).ExecuteDeleteAsync(stop);
    }

    private static async Task SumUpAsync(HubDbContext db, DateTimeOffset hour, CancellationToken stop)
    {
        DateTimeOffset end = hour.AddHours(1);
        db.ChangeTracker.Clear();
        db.AddRange(await db.Set<DeviceMinute>().Where(m => m.At >= hour && m.At < end).GroupBy(m => m.DeviceId).Select(g => new DeviceHour
        {
            DeviceId = g.Key,
            Hour = hour,
            Minutes = g.Count(),
            Processor = g.Average(m => m.Processor),
            Memory = g.Average(m => m.Memory),
            Temperature = g.Max(m => m.Temperature),
            DiskFree = g.Min(m => m.DiskFree),
            RoundTrip = g.Average(m => m.RoundTrip),
            RoundTripMax = g.Max(m => m.RoundTrip),
            Loss = g.Average(m => m.Loss),
        }).ToListAsync(stop));
        await db.SaveChangesAsync(stop);
    }
}
