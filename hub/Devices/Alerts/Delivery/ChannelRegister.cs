using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>The channels in memory: read when the hub starts, after every change by staff, and once a minute. Thread-safe.</summary>
internal sealed class ChannelRegister(IServiceScopeFactory scopes)
{
    private volatile IReadOnlyDictionary<Guid, Channel> _channels = new Dictionary<Guid, Channel>();

    /// <summary>Those that were not removed.</summary>
    public IReadOnlyDictionary<Guid, Channel> Channels => _channels;

    public async Task ReloadAsync(CancellationToken cancel)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        List<AlertChannel> rows = await db.Set<AlertChannel>().AsNoTracking().Where(c => c.RemovedAt == null)
            .Include(c => c.Schools).ThenInclude(s => s.School).ToListAsync(cancel);
        _channels = rows.ToDictionary(r => r.Id, Channel.Of);
    }
}
