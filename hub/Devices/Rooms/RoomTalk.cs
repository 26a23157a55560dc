using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.Hub.Devices.Rooms;

/// <summary>The lesson connection of each device, to ask it something and hear its answer. Thread-safe.</summary>
internal sealed class RoomTalk(IHubContext<LessonHub> hub)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);
    private readonly ConcurrentDictionary<string, string> _connections = new(StringComparer.Ordinal);

    public void OnConnected(string deviceId, string connectionId) => _connections[deviceId] = connectionId;

    /// <summary>An older connection's end does not take the newer one away.</summary>
    public void OnDisconnected(string deviceId, string connectionId) => _connections.TryRemove(KeyValuePair.Create(deviceId, connectionId));

    /// <returns>Null: the device is not connected, or does not answer in time.</returns>
    public async Task<RoomState?> AskAsync(string deviceId, RoomAsk ask, CancellationToken cancel)
    {
        if (!_connections.TryGetValue(deviceId, out string? connection))
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            return await hub.Clients.Client(connection).InvokeAsync<RoomState>(LessonHubNames.RoomAsked, ask, limit.Token);
        }
        catch (Exception fault) when (fault is IOException or HubException or OperationCanceledException or InvalidOperationException)
        {
            return null; // it went away, or is of a version that knows no such question
        }
    }
}
