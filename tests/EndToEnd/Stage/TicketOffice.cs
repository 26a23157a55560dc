using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Tickets;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>Media tickets as the hub itself would sign them, for clients that do not join lessons.</summary>
internal sealed class TicketOffice(HubProcess hub)
{
    private readonly MediaTickets _tickets = new(TicketKey.LoadOrCreate(Path.Combine(hub.Folder, "keys", "media-tickets.key")));

    public MediaTicket Publish(Guid lesson, string seat, string streamId) =>
        _tickets.Issue(lesson, seat, streamId, MediaDirection.Publish, StreamSource.Device, DateTimeOffset.UtcNow);

    public MediaTicket Watch(Guid lesson, string seat, string streamId, TimeSpan ago = default) =>
        _tickets.Issue(lesson, seat, streamId, MediaDirection.Watch, StreamSource.Device, DateTimeOffset.UtcNow - ago);
}
