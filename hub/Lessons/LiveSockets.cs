using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Everybody connected to the lesson hub, by whose right they are: a session or a device. Thread-safe.</summary>
internal sealed class LiveSockets
{
    private readonly ConcurrentDictionary<string, (string Owner, HubCallerContext Context)> _open = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Owners => [.. _open.Values.Select(o => o.Owner).Distinct()];

    public void Add(HubCallerContext context)
    {
        if (LessonCaller.From(context.User!)?.Owner is { } owner)
        {
            _open[context.ConnectionId] = (owner, context);
        }
    }

    public void Remove(HubCallerContext context) => _open.TryRemove(context.ConnectionId, out _);

    /// <summary>Cuts every connection of an owner.</summary>
    public void Close(string owner)
    {
        foreach ((string Owner, HubCallerContext Context) open in _open.Values.Where(o => o.Owner == owner))
        {
            open.Context.Abort();
        }
    }
}
