using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Which version each device should run: that of the last rollout that is done and that it was in. A release that was withdrawn is wanted of nobody.</summary>
internal static class WantedVersions
{
    /// <summary>Older ones say nothing any more; it is read often.</summary>
    private const int LastRollouts = 8;

    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(HubDbContext db, CancellationToken stop)
    {
        var last = await db.Set<Rollout>().AsNoTracking().Where(r => r.State == RolloutState.Done && db.Set<StoredRelease>().Any(s => s.Version == r.ReleaseVersion && s.WithdrawnAt == null))
            .OrderByDescending(r => r.StartedAt).Take(LastRollouts).Select(r => new { r.Id, r.ReleaseVersion }).ToListAsync(stop);
        Dictionary<string, string> wanted = new(StringComparer.Ordinal);
        foreach (var rollout in last)
        {
            foreach (string device in await db.Set<RolloutDevice>().Where(d => d.RolloutId == rollout.Id && d.State != MemberState.Skipped).Select(d => d.DeviceId).ToListAsync(stop))
            {
                wanted.TryAdd(device, rollout.ReleaseVersion);
            }
        }

        return wanted;
    }
}
