using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Streams.Tickets;

/// <summary>What a media ticket allows: one connection of this seat to this stream in this direction, made before it expires.</summary>
/// <param name="Owner">By whose right: a session or a device; empty: nobody's in particular. Up to 200 characters.</param>
internal sealed record TicketClaims(
    Guid LessonId, string SeatId, string StreamId, MediaDirection Direction, StreamSource Source, DateTimeOffset ExpiresAt, string Owner = "");

/// <summary>Why a ticket is worth nothing.</summary>
internal enum TicketRefusal
{
    Malformed,
    BadSignature,
    Expired,
}
