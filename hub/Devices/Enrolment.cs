using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>Turns a code into a device. The newest device of a room and role is the one that counts: it takes the rights of the one before.</summary>
internal sealed class Enrolment(
    HubDbContext db, EnrolmentCodes codes, DeviceStanding standing, BrokerUsers brokerUsers, DeviceAccess access, FleetDevices fleet, ReleaseKey releases, AuditTrail audit,
    TimeProvider clock, ILogger<Enrolment> log)
{
    private const int LongestMachineName = 80;

    private const int LongestVersion = 40;

    public async Task<Result<EnrolResponse, DeviceRefusal>> ClaimAsync(EnrolRequest request, CancellationToken cancel)
    {
        Result<EnrolmentCode, DeviceRefusal> found = await codes.FindAsync(request.Code, cancel);
        if (!found.IsOk)
        {
            log.EnrolmentRefused(found.Refusal!.Value);
            return found.Refusal!.Value;
        }

        EnrolmentCode code = found.Value;
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await codes.TrySpendAsync(code.Id, cancel))
        {
            EnrolmentCode now = await db.Set<EnrolmentCode>().AsNoTracking().SingleAsync(c => c.Id == code.Id, cancel);
            return codes.StateOf(now) ?? DeviceRefusal.CodeUsed;
        }

        string secret = DeviceSecret.New();
        Device device = Make(code, request, secret);
        List<string> replaced = await ReplaceOlderAsync(device, cancel);
        db.Add(device);
        DeviceMqtt? mqtt = brokerUsers.AddFor(device);
        audit.Add(AuditAction.EnrolledDevice, null, $"device:{device.Id}", device.Id, $"{code.Id} {device.ClassroomId} {device.Role}");
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        log.Enrolled(device.Id, device.Role, device.ClassroomId, device.AgentVersion);
        fleet.Add(device.Id);
        foreach (string old in replaced)
        {
            standing.Forget(old);
            log.Replaced(old, device.Id);
            await access.PutOutAsync(old);
        }

        if (mqtt is not null)
        {
            await brokerUsers.AnnounceAsync(device.Id, mqtt.Password);
        }

        var room = await db.Set<Classroom>().Where(r => r.Id == device.ClassroomId).Select(r => new { r.Name, School = r.School.Name }).SingleAsync(cancel);
        return new EnrolResponse(device.Id, secret, device.Role, room.Name, room.School, clock.GetUtcNow(), mqtt, releases.Pem());
    }

    private async Task<List<string>> ReplaceOlderAsync(Device device, CancellationToken cancel)
    {
        // Changes nothing but locks the room's row: two codes of one room claimed at once are served one after the other.
        await db.Set<Classroom>().Where(r => r.Id == device.ClassroomId).ExecuteUpdateAsync(set => set.SetProperty(r => r.Name, r => r.Name), cancel);
        List<Device> older = await db.Set<Device>()
            .Where(d => d.ClassroomId == device.ClassroomId && d.Role == device.Role && d.DisabledAt == null).ToListAsync(cancel);
        foreach (Device old in older)
        {
            old.DisabledAt = device.EnrolledAt;
            audit.Add(AuditAction.DisabledDevice, null, $"device:{device.Id}", old.Id, $"replaced by {device.Id}");
        }

        return [.. older.Select(d => d.Id)];
    }

    private Device Make(EnrolmentCode code, EnrolRequest request, string secret) => new()
    {
        Id = DeviceSecret.NewDeviceId(),
        ClassroomId = code.ClassroomId,
        Role = code.Role,
        SecretHash = DeviceSecret.Hash(secret),
        MachineName = Clean(request.MachineName, LongestMachineName),
        AgentVersion = Clean(request.AgentVersion, LongestVersion),
        EnrolledAt = clock.GetUtcNow(),
    };

    /// <summary>Foreign text for lists and logs: no control signs (nobody forges a log line), no half characters, not too long.</summary>
    private static string Clean(string text, int longest)
    {
        string plain = string.Concat(text.Where(c => !char.IsControl(c) && c != '\uFFFD' && CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.Surrogate
            and not UnicodeCategory.LineSeparator and not UnicodeCategory.ParagraphSeparator));
        return plain.Length <= longest ? plain : plain[..longest];
    }
}
