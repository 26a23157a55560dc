using System.Collections.Concurrent;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>What a simulation counts. Thread-safe.</summary>
internal sealed class SimulationCounters
{
    private readonly ConcurrentDictionary<string, TimeSpan> _first = new(StringComparer.Ordinal);
    private long _connections;
    private long _commands;
    private long _records;

    /// <summary>Births that the broker took.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    public long Commands => Interlocked.Read(ref _commands);

    /// <summary>Pieces of evidence written down.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>When each device was online for the first time, since the simulation began; shortest first.</summary>
    public IReadOnlyList<TimeSpan> FirstTimes => [.. _first.Values.Order()];

    public void OnOnline(string deviceId, TimeSpan at)
    {
        Interlocked.Increment(ref _connections);
        _first.TryAdd(deviceId, at);
    }

    public void OnCommand() => Interlocked.Increment(ref _commands);

    public void OnRecord() => Interlocked.Increment(ref _records);
}
