using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>
/// Whether a device still has its rights, asked at every request and therefore remembered for a moment; asking also marks the device as seen.
/// Holds one small entry per device that showed an authentic token. Thread-safe.
/// </summary>
internal sealed class DeviceStanding(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>How long an answer is believed: a disabled device works on for no longer than this.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    /// <summary>A shorter distance would only wear the disk.</summary>
    private static readonly TimeSpan SeenAtMostEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, byte> _marking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (bool Enabled, long ReadAt)> _known = new(StringComparer.Ordinal);

    /// <summary>False for a disabled and for an unknown device.</summary>
    public async ValueTask<bool> IsEnabledAsync(string deviceId, CancellationToken cancel)
    {
        if (_known.TryGetValue(deviceId, out var known) && clock.GetElapsedTime(known.ReadAt) < Believed)
        {
            return known.Enabled;
        }

        long asked = clock.GetTimestamp();
        bool enabled = await ReadAsync(deviceId, cancel);
        _known[deviceId] = (enabled, asked);
        return enabled;
    }

    /// <returns>UTC: about when an enabled device last asked for anything; null: not since the hub's start.</returns>
    public DateTimeOffset? SeenAt(string deviceId) =>
        _known.TryGetValue(deviceId, out var known) && known.Enabled ? clock.GetUtcNow() - clock.GetElapsedTime(known.ReadAt) : null;

    /// <summary>A device was disabled or enabled in this process. Called on the changer's thread; must return at once.</summary>
    public event Action<string>? Changed;

    /// <summary>Call after a device was disabled or enabled in this process: it counts at once.</summary>
    public void Forget(string deviceId)
    {
        _known.TryRemove(deviceId, out _);
        Changed?.Invoke(deviceId);
    }

    /// <summary>All that are disabled.</summary>
    public async Task<IReadOnlyList<string>> DisabledAsync(CancellationToken cancel)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<Device>().Where(d => d.DisabledAt != null).Select(d => d.Id).ToListAsync(cancel);
    }

    private async Task<bool> ReadAsync(string deviceId, CancellationToken cancel)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        var row = await db.Set<Device>().Where(d => d.Id == deviceId).Select(d => new { d.DisabledAt, d.LastSeenAt }).SingleOrDefaultAsync(cancel);
        if (row is not { DisabledAt: null })
        {
            return false;
        }

        DateTimeOffset now = clock.GetUtcNow(), stale = now - SeenAtMostEvery;
        if ((row.LastSeenAt is null || row.LastSeenAt <= stale) && _marking.TryAdd(deviceId, 0))
        {
            _ = Task.Run(() => MarkSeenAsync(deviceId, now, stale), CancellationToken.None);
        }

        return true;
    }

    /// <summary>Beside the request: a busy database keeps no device waiting for this. What is not marked now is marked at a later request.</summary>
    private async Task MarkSeenAsync(string deviceId, DateTimeOffset now, DateTimeOffset stale)
    {
        try
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<Device>()
                .Where(d => d.Id == deviceId && (d.LastSeenAt == null || d.LastSeenAt <= stale))
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.LastSeenAt, now));
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or ObjectDisposedException)
        {
            // Busy, or the hub is stopping: the next request marks it.
        }
        finally
        {
            _marking.TryRemove(deviceId, out _);
        }
    }
}
