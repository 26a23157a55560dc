using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>Devices' MQTT passwords: hands them out and makes them count. The database first, the broker after it.</summary>
internal sealed class BrokerUsers(HubDbContext db, BrokerGround ground, BrokerKeeper keeper, MqttOptions options, TimeProvider clock)
{
    /// <summary>Adds the identity of a device that is being enrolled to the unit of work.</summary>
    /// <returns>What the device is told; null: there is no broker. Call <see cref="AnnounceAsync"/> when it is committed.</returns>
    public DeviceMqtt? AddFor(Device device)
    {
        if (options.Mode == MqttMode.Off)
        {
            return null;
        }

        string password = DeviceSecret.New();
        PasswordHash hash = BrokerPassword.Hash(password);
        db.Add(new BrokerUser { DeviceId = device.Id, Salt = hash.Salt, Hash = hash.Hash, ChangedAt = clock.GetUtcNow() });
        return ground.ForDevice(password);
    }

    /// <summary>Tells the broker of a password that is committed; when it cannot be told now, it is at its next start or connect.</summary>
    public Task AnnounceAsync(string deviceId, string password) => keeper.SetAsync(deviceId, password);

    /// <summary>Step one: a new password beside the one that counts. Asked again, the one before is forgotten.</summary>
    public async Task<DeviceMqtt?> IssueAsync(string deviceId, CancellationToken cancel)
    {
        if (options.Mode == MqttMode.Off)
        {
            return null;
        }

        string password = DeviceSecret.New();
        PasswordHash hash = BrokerPassword.Hash(password);
        int changed = await db.Set<BrokerUser>().Where(u => u.DeviceId == deviceId)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.PendingSalt, hash.Salt).SetProperty(u => u.PendingHash, hash.Hash), cancel);
        if (changed == 0)
        {
            // Enrolled before there was a broker: an identity without a password that counts. Nobody knows the one it is given.
            PasswordHash nobodys = BrokerPassword.Hash(DeviceSecret.New());
            db.Add(new BrokerUser
            {
                DeviceId = deviceId,
                Salt = nobodys.Salt,
                Hash = nobodys.Hash,
                PendingSalt = hash.Salt,
                PendingHash = hash.Hash,
                ChangedAt = clock.GetUtcNow(),
            });
            await db.SaveChangesAsync(cancel);
        }

        return ground.ForDevice(password);
    }

    /// <summary>Step two: the device has it on its disk. Asked again with the same password it says yes again.</summary>
    public async Task<Result<DeviceMqttResponse, DeviceRefusal>> ConfirmAsync(string deviceId, string password, CancellationToken cancel)
    {
        if (options.Mode == MqttMode.Off)
        {
            return new DeviceMqttResponse(null);
        }

        BrokerUser? user = await db.Set<BrokerUser>().SingleOrDefaultAsync(u => u.DeviceId == deviceId, cancel);
        if (user is { PendingSalt: { } salt, PendingHash: { } hash } && BrokerPassword.Matches(password, salt, hash))
        {
            (user.Salt, user.Hash, user.PendingSalt, user.PendingHash, user.ChangedAt) = (salt, hash, null, null, clock.GetUtcNow());
            await db.SaveChangesAsync(cancel);
        }
        else if (user is null || !BrokerPassword.Matches(password, user.Salt, user.Hash))
        {
            return DeviceRefusal.BadCredentials;
        }

        await keeper.SetAsync(deviceId, password);
        return new DeviceMqttResponse(ground.ForDevice(password));
    }
}
