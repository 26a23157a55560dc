using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Keeps a fresh ticket for the room's telephone page while the hub can be reached. <see cref="Address"/> may be read from anywhere.</summary>
/// <param name="ask">Asks the hub for a ticket; null: it gave none.</param>
internal sealed class RoomCode(Uri hub, Func<CancellationToken, Task<RoomTicket?>> ask, Func<DateTimeOffset> hubNow, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    private volatile RoomTicket? _ticket;

    /// <summary>Null: there is none, or it has run out.</summary>
    public Uri? Address => _ticket is { } ticket && hubNow() < ticket.ExpiresAt ? new Uri(hub, ticket.Path) : null;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            RoomTicket? fresh = await ask(stop);
            _ticket = fresh ?? _ticket;
            await Waits.PauseAsync(fresh is null ? Again : Every, time, stop);
        }
    }
}
