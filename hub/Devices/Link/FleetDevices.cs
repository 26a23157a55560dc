using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Link;

/// <summary>The enrolled devices' ids, to tell them from ghosts that a broker may still keep messages of, and each one's last state. Thread-safe.</summary>
internal sealed class FleetDevices(IServiceScopeFactory scopes)
{
    /// <summary>More is done in the nights after.</summary>
    private const int MostGhosts = 1000;

    private readonly ConcurrentDictionary<string, AgentState?> _devices = new(StringComparer.Ordinal);

    /// <summary>The machine start before the present one.</summary>
    private readonly ConcurrentDictionary<string, Guid?> _before = new(StringComparer.Ordinal);

    /// <summary>Ids of which the broker keeps messages and that are not enrolled.</summary>
    private readonly ConcurrentDictionary<string, byte> _ghosts = new(StringComparer.Ordinal);

    public async Task LoadAsync(CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        foreach (string id in await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<Device>().Select(d => d.Id).ToListAsync(stop))
        {
            Add(id);
        }
    }

    /// <summary>A device that has just been enrolled.</summary>
    public void Add(string deviceId) => _devices.TryAdd(deviceId, null);

    /// <summary>The broker keeps something of it, and it is not enrolled.</summary>
    public void OnGhost(string id)
    {
        if (_ghosts.Count < MostGhosts)
        {
            _ghosts.TryAdd(id, 0);
        }
    }

    /// <summary>Those seen since the last call.</summary>
    public List<string> TakeGhosts()
    {
        List<string> ghosts = [.. _ghosts.Keys];
        _ghosts.Clear();
        return ghosts.FindAll(id => !Contains(id));
    }

    public bool Contains(string deviceId) => _devices.ContainsKey(deviceId);

    /// <returns>
    /// True: two machines use this identity. A machine that was started anew never goes back to the start before; the broker does not tell when one connection
    /// takes another's place.
    /// </returns>
    public bool Remember(string deviceId, AgentState state)
    {
        AgentState? last = _devices.GetValueOrDefault(deviceId);
        _devices[deviceId] = state;
        if (!state.Online || last is null || last.Boot == state.Boot)
        {
            return false;
        }

        Guid? before = _before.GetValueOrDefault(deviceId);
        _before[deviceId] = last.Boot;
        return before == state.Boot;
    }

    /// <summary>Null: not heard of since the hub started.</summary>
    public AgentState? LastStateOf(string deviceId) => _devices.GetValueOrDefault(deviceId);
}
