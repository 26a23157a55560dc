namespace ThreeClassrooms.Contracts;

/// <summary>
/// The page that an assistant opens on a telephone by the code on the waiting screen: <c>/room#ticket</c>. The ticket is exchanged for a session of that one
/// device, and everything asked is handed to the device, which does it or does not. No account, no cookie.
/// </summary>
public static class RoomPageApi
{
    public const string Page = "/room";

    /// <summary>POST <see cref="RoomOpenRequest"/> → <see cref="RoomOpened"/>; 401 when the ticket is no longer good.</summary>
    public const string Open = "/api/room/open";

    /// <summary>POST <see cref="RoomAsk"/> with the session as bearer token → <see cref="RoomState"/>; 401 session over, 503 the device cannot be reached.</summary>
    public const string Ask = "/api/room/ask";
}

/// <param name="Path">Below the hub's address, the ticket behind the <c>#</c>: it is never sent in an address.</param>
/// <param name="ExpiresAt">By the hub's clock, UTC, exclusive.</param>
public sealed record RoomTicket(string Path, DateTimeOffset ExpiresAt);

public sealed record RoomOpenRequest(string? Ticket);

/// <param name="ExpiresAt">By the hub's clock, UTC, exclusive.</param>
public sealed record RoomOpened(string Session, DateTimeOffset ExpiresAt);

/// <summary>All that a telephone may ask of a room.</summary>
public enum RoomAction
{
    /// <summary>Nothing but how it stands.</summary>
    Look,
    RaiseHand,
    LowerHand,
    OpenMicrophone,
    CloseMicrophone,

    /// <summary>Per cent, 0 to 100.</summary>
    SetVolume,

    /// <summary>报修: the staff are told that somebody in the room needs help.</summary>
    ReportFault,
    FaultGone,
}

/// <param name="Value">See <see cref="RoomAction"/>; null where there is none.</param>
public sealed record RoomAsk(RoomAction Action, int? Value = null);

/// <summary>How a room stands, after what was asked.</summary>
/// <param name="Done">What was asked was done.</param>
/// <param name="Lesson">Subject and topic; null: none is near.</param>
/// <param name="StartsAt">Of the lesson, or of the next one when none is near; UTC; null: none is known.</param>
/// <param name="Live">The lesson goes on.</param>
/// <param name="Joined">The device is in the lesson's room.</param>
/// <param name="Floor">The lecturer has given this room the floor.</param>
/// <param name="Heard">Sound leaves the room and the hub passes it on.</param>
/// <param name="CameraOpen">Camera and microphone are open on the device.</param>
/// <param name="HasVolume">The loudspeaker's volume can be set.</param>
public sealed record RoomState(
    bool Done, string School, string Classroom, string? Lesson, DateTimeOffset? StartsAt, bool Live, bool Joined, bool HandRaised, bool Floor, bool MicrophoneOpen,
    bool Heard, bool CameraOpen, bool HasVolume, bool FaultReported);
