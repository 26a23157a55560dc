using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>Why something was not done to a device.</summary>
internal enum CareRefusal
{
    /// <summary>Not enrolled, or outside the caller's scope.</summary>
    UnknownDevice,
    NotAllowed,

    /// <summary>The end is not after the begin, is past, or is more than 90 days away.</summary>
    BadWindow,
    NoReason,

    /// <summary>Another device has taken its place in the room: it stays disabled.</summary>
    Replaced,
}

/// <summary>What staff do to a device. Everything is audited and counts at once.</summary>
internal sealed class CareDesk(HubDbContext db, DeviceAccess access, FleetLink link, HealthLoop loop, AuditTrail audit, TimeProvider clock)
{
    private const int LongestReason = 200;

    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(90);

    public async Task<CareRefusal?> DeclareAbsentAsync(string deviceId, IReadOnlyCollection<PartKind> absent, Caller caller, CancellationToken cancel)
    {
        if (await FindAsync(deviceId, caller, FleetRights.MayCare(caller), cancel) is var (_, refusal) && refusal is not null)
        {
            return refusal;
        }

        string parts = string.Join(',', absent.Distinct().Order());
        DeviceCare care = await CareOfAsync(deviceId, cancel);
        care.AbsentParts = parts;
        care.Version++;
        await DoneAsync(AuditAction.DeclaredPartsAbsent, deviceId, parts, caller, cancel);

        // The device stops looking for them; what the hub shows does not wait for it.
        await link.SetDesiredAsync(deviceId, new DesiredConfiguration(care.Version, [.. absent.Distinct().Order()]), cancel);
        return null;
    }

    /// <param name="to">Exclusive.</param>
    public async Task<CareRefusal?> BeginMaintenanceAsync(string deviceId, DateTimeOffset from, DateTimeOffset to, string? reason, Caller caller, CancellationToken cancel)
    {
        if (await FindAsync(deviceId, caller, FleetRights.MayCare(caller), cancel) is var (_, refusal) && refusal is not null)
        {
            return refusal;
        }

        if (to <= from || to <= clock.GetUtcNow() || to - from > LongestWindow)
        {
            return CareRefusal.BadWindow;
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return CareRefusal.NoReason;
        }

        string written = string.Concat(reason.Trim().Where(c => !char.IsControl(c)));
        written = written.Length > LongestReason ? written[..LongestReason] : written;
        DeviceCare care = await CareOfAsync(deviceId, cancel);
        (care.MaintenanceFrom, care.MaintenanceTo, care.MaintenanceReason) = (from, to, written);
        care.Version++;
        return await DoneAsync(AuditAction.BeganMaintenance, deviceId, $"{from:O} {to:O} {written}", caller, cancel);
    }

    public async Task<CareRefusal?> EndMaintenanceAsync(string deviceId, Caller caller, CancellationToken cancel)
    {
        if (await FindAsync(deviceId, caller, FleetRights.MayCare(caller), cancel) is var (_, refusal) && refusal is not null)
        {
            return refusal;
        }

        DeviceCare care = await CareOfAsync(deviceId, cancel);
        (care.MaintenanceFrom, care.MaintenanceTo, care.MaintenanceReason) = (null, null, null);
        care.Version++;
        return await DoneAsync(AuditAction.EndedMaintenance, deviceId, null, caller, cancel);
    }

    public async Task<CareRefusal?> DisableAsync(string deviceId, Caller caller, CancellationToken cancel)
    {
        (Device? device, CareRefusal? refusal) = await FindAsync(deviceId, caller, FleetRights.MayEnrol(caller), cancel);
        if (refusal is not null || device!.DisabledAt is not null)
        {
            return refusal;
        }

        await access.DisableAsync(deviceId, caller);
        await loop.RefreshAsync(cancel);
        return null;
    }

    public async Task<CareRefusal?> EnableAsync(string deviceId, Caller caller, CancellationToken cancel)
    {
        (Device? device, CareRefusal? refusal) = await FindAsync(deviceId, caller, FleetRights.MayEnrol(caller), cancel);
        if (refusal is not null || device!.DisabledAt is null)
        {
            return refusal;
        }

        if (!await access.EnableAsync(deviceId, caller))
        {
            return CareRefusal.Replaced;
        }

        await loop.RefreshAsync(cancel);
        return null;
    }

    private async Task<(Device? Device, CareRefusal? Refusal)> FindAsync(string deviceId, Caller caller, bool allowed, CancellationToken cancel)
    {
        IQueryable<Guid> rooms = db.Set<Schools.Classroom>().Of(caller).Select(r => r.Id);
        Device? device = await db.Set<Device>().SingleOrDefaultAsync(d => d.Id == deviceId && rooms.Contains(d.ClassroomId), cancel);
        return (device, device is null ? CareRefusal.UnknownDevice : allowed ? null : CareRefusal.NotAllowed);
    }

    private async Task<DeviceCare> CareOfAsync(string deviceId, CancellationToken cancel)
    {
        if (await db.Set<DeviceCare>().SingleOrDefaultAsync(c => c.DeviceId == deviceId, cancel) is { } known)
        {
            return known;
        }

        var care = new DeviceCare { DeviceId = deviceId };
        db.Add(care);
        return care;
    }

    private async Task<CareRefusal?> DoneAsync(AuditAction action, string deviceId, string? detail, Caller caller, CancellationToken cancel)
    {
        audit.Add(action, caller.AccountId, caller.Login, deviceId, detail);
        await db.SaveChangesAsync(cancel);
        await loop.RefreshAsync(cancel);
        return null;
    }
}
