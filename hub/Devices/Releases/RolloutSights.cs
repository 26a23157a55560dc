using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Gathers what a rollout is decided by: presence, version, health, lessons, and how the commands stand.</summary>
internal sealed class RolloutSights(HubDbContext db, FleetHealth fleet, FleetDevices devices, RoomLessons lessons)
{
    public bool IsOnline(string deviceId) => fleet.ViewOf(deviceId)?.Presence == PresenceState.Up;

    /// <summary>What the device runs, as far as it ever told.</summary>
    public string VersionOf(Device device) => AgentVersion.Plain(
        devices.LastStateOf(device.Id) is { Online: true, AgentVersion: { Length: > 0 } said } ? said : fleet.ReportsOf(device.Id).Hardware?.AgentVersion ?? device.AgentVersion);

    /// <param name="rollout">With its devices, and these with theirs.</param>
    public async Task<Func<string, MemberSight>> OfAsync(Rollout rollout, CancellationToken cancel)
    {
        Dictionary<string, RolloutDevice> rows = rollout.Devices.ToDictionary(d => d.DeviceId, StringComparer.Ordinal);
        IReadOnlySet<string> busy = await lessons.OfAsync([.. rows.Values.Select(r => r.Device)], cancel);
        List<Guid> asked = [.. rows.Values.Where(r => r.State == MemberState.Asked).Select(r => r.CommandId!.Value)];
        Dictionary<Guid, DeviceCommand> commands = await db.Set<DeviceCommand>()
            .Where(c => asked.Contains(c.Id) || (c.FinishedAt == null && c.Kind == CommandKind.Update)).ToDictionaryAsync(c => c.Id, cancel);
        HashSet<string> open = [.. commands.Values.Where(c => c.FinishedAt is null).Select(c => c.DeviceId)];
        return id =>
        {
            RolloutDevice row = rows[id];
            DeviceCommand? command = row.State == MemberState.Asked ? commands.GetValueOrDefault(row.CommandId!.Value) : null;
            return new MemberSight(
                IsOnline(id), busy.Contains(id), VersionOf(row.Device), UnwellSince(fleet.ViewOf(id)), row.Device.DisabledAt is not null, open.Contains(id),
                command is null ? null : new CommandAnswer(command.State, command.Reason, command.FinishedAt));
        };
    }

    /// <summary>The last critical thing that began; being away is looked at on its own.</summary>
    private static DateTimeOffset? UnwellSince(HealthView? view) => view?.Issues
        .Where(i => i.Severity == IssueSeverity.Critical && i.Kind is not (IssueKind.Offline or IssueKind.NoHeartbeat)).Select(i => (DateTimeOffset?)i.Since).Max();
}
