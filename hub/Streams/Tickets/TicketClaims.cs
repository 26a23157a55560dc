using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Streams.Tickets;

/// <summary>What a media ticket allows: one connection of this seat to this stream in this direction, made before it expires.</summary>
internal sealed record TicketClaims(
    Guid LessonId, string SeatId, string StreamId, MediaDirection Direction, StreamSource Source, DateTimeOffset ExpiresAt);

/// <summary>Why a ticket is worth nothing.</summary>
internal enum TicketRefusal
{
    Malformed,
    BadSignature,
    Expired,
}
