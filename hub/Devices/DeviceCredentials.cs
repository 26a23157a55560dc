using System.Text;
using System.Threading.RateLimiting;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>Checks a device's id and secret.</summary>
internal sealed class DeviceCredentials(HubDbContext db, DeviceStanding standing, DeviceTokenPace pace, ILogger<DeviceCredentials> log)
{
    private const int LongestId = 40;

    private const int LongestSecret = 128;

    /// <param name="address">Where the request came from: guessing from elsewhere does not lock a device out.</param>
    public async Task<Result<DeviceCaller, DeviceRefusal>> CheckAsync(DeviceTokenRequest request, string address, CancellationToken cancel)
    {
        if (request.DeviceId.Length is 0 or > LongestId || !Ascii.IsValid(request.DeviceId) || request.DeviceId.Any(char.IsControl)
            || request.Secret.Length is 0 or > LongestSecret)
        {
            return DeviceRefusal.BadCredentials;
        }

        if (!pace.Allows(request.DeviceId, address))
        {
            return DeviceRefusal.TooManyTries;
        }

        Device? device = await db.Set<Device>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == request.DeviceId, cancel);
        if (!DeviceSecret.Matches(request.Secret, device?.SecretHash) || device is null)
        {
            log.BadCredentials();
            return DeviceRefusal.BadCredentials;
        }

        if (device.DisabledAt is not null)
        {
            log.DisabledDeviceAsked(device.Id);
            return DeviceRefusal.DeviceDisabled;
        }

        await standing.IsEnabledAsync(device.Id, cancel); // marks it as seen
        return new DeviceCaller(device.Id, device.ClassroomId, device.Role);
    }
}

/// <summary>How often one device may ask for a token from one address. In memory; idle entries go by themselves. Thread-safe.</summary>
internal sealed class DeviceTokenPace : IDisposable
{
    /// <summary>A device asks about once in ten minutes; this leaves room for one that restarts in a loop.</summary>
    private const int PerMinute = 30;

    private readonly PartitionedRateLimiter<(string Device, string Address)> _limiter =
        PartitionedRateLimiter.Create<(string Device, string Address), (string, string)>(key => RateLimitPartition.GetSlidingWindowLimiter(
            key, _ => new SlidingWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 }));

    public bool Allows(string device, string address)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire((device, address));
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
