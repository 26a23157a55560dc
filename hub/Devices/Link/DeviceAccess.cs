using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Link;

/// <summary>Takes a device's rights away and gives them back: on the device API, at the broker and in what is shown of it.</summary>
internal sealed class DeviceAccess(
    HubDbContext db, DeviceStanding standing, BrokerKeeper keeper, FleetLink link, MqttOptions options, AuditTrail audit, TimeProvider clock)
{
    /// <summary>The reason that <see cref="Contracts.AgentState"/> gives for a device that was put out.</summary>
    public const string Disabled = "disabled";

    /// <summary>From now on nothing lets it in, and it is put out where it is in.</summary>
    /// <param name="caller">Who did it; null: the operator.</param>
    /// <returns>False: there is no such device, or it is disabled already.</returns>
    public async Task<bool> DisableAsync(string deviceId, Caller? caller)
    {
        if (await db.Set<Device>().SingleOrDefaultAsync(d => d.Id == deviceId && d.DisabledAt == null) is not { } device)
        {
            return false;
        }

        device.DisabledAt = clock.GetUtcNow();
        audit.Add(AuditAction.DisabledDevice, caller?.AccountId, caller?.Login ?? "operator", deviceId);
        await db.SaveChangesAsync();
        standing.Forget(deviceId);
        await PutOutAsync(deviceId);
        return true;
    }

    /// <returns>False: there is no such device, or it is not disabled, or a newer one stands in its room in the same role.</returns>
    public async Task<bool> EnableAsync(string deviceId, Caller? caller)
    {
        if (await db.Set<Device>().SingleOrDefaultAsync(d => d.Id == deviceId && d.DisabledAt != null) is not { } device
            || await db.Set<Device>().AnyAsync(d => d.ClassroomId == device.ClassroomId && d.Role == device.Role && d.DisabledAt == null))
        {
            return false;
        }

        device.DisabledAt = null;
        audit.Add(AuditAction.EnabledDevice, caller?.AccountId, caller?.Login ?? "operator", deviceId);
        await db.SaveChangesAsync();
        standing.Forget(deviceId);
        await keeper.EnableAsync(deviceId);
        return true;
    }

    /// <summary>Puts a device that the database has as disabled out of the broker, and says that it is offline: its own will is not published then.</summary>
    public async Task PutOutAsync(string deviceId)
    {
        if (options.Mode != MqttMode.Off)
        {
            await keeper.DisableAsync(deviceId);
            await link.SayOfflineAsync(deviceId, Disabled, CancellationToken.None);
        }
    }
}
