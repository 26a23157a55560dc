namespace ThreeClassrooms.Contracts;

/// <summary>Why a lesson command was refused; the code travels as its camelCase name.</summary>
public enum LessonRefusal
{
    UnknownLesson,
    NotAllowed,
    NotNow,
    UnknownSeat,
    UnknownStream,
    TextTooLong,
    TooOften,
    AlreadyExtendedToLimit,
    NextLessonTooClose,

    /// <summary>The database was busy for longer than a person waits; the command is still tried.</summary>
    Busy,
}

/// <summary>Answer to a command: null refusal means done.</summary>
public sealed record CommandReply(LessonRefusal? Refusal)
{
    public static readonly CommandReply Done = new((LessonRefusal?)null);
}

/// <summary>Answer that carries a value unless refused.</summary>
public sealed record CommandReply<T>(T? Value, LessonRefusal? Refusal)
    where T : class;

/// <summary>
/// Names of the SignalR hub. Server methods (client → hub) answer a <see cref="CommandReply"/>;
/// events (hub → client) carry one argument. JSON protocol, camelCase, enums as camelCase names.
/// Browsers come with their cookie, devices with a bearer token (query <c>access_token</c> on the WebSocket).
/// </summary>
public static class LessonHubNames
{
    public const string Path = "/hubs/lesson";

    // client -> hub; (argument list) : value
    public const string Join = "Join"; // (Guid lessonId) : CommandReply<JoinedLesson>; all below act on the joined lesson
    public const string Leave = "Leave"; // (Guid lessonId)
    public const string Ticket = "Ticket"; // (Guid lessonId, string streamId, MediaDirection) : CommandReply<MediaTicket>
    public const string ReportReadiness = "ReportReadiness"; // (Guid, Readiness)
    public const string ReportReception = "ReportReception"; // (Guid, ReceptionReport[])
    public const string Start = "Start"; // (Guid)
    public const string Extend = "Extend"; // (Guid): 5 more minutes
    public const string Stop = "Stop"; // (Guid)
    public const string TakeBackStop = "TakeBackStop"; // (Guid): within a minute of Stop
    public const string RaiseHand = "RaiseHand"; // (Guid, bool raised)
    public const string GrantFloor = "GrantFloor"; // (Guid, string seatId)
    public const string TakeFloor = "TakeFloor"; // (Guid): the floor goes back to the lecturer alone
    public const string Mute = "Mute"; // (Guid, string seatId, bool muted): the lecturer any seat (only to mute), a seat itself
    public const string Say = "Say"; // (Guid, string text, up to 500 characters)
    public const string RoomTicket = "RoomTicket"; // () : RoomTicket or null; devices: the code for the screen, see RoomPageApi

    // hub -> client
    public const string LessonChanged = "LessonChanged"; // LessonSnapshot
    public const string ChatPosted = "ChatPosted"; // ChatLine
    public const string TimetableChanged = "TimetableChanged"; // () to devices: fetch the timetable again
    public const string RoomAsked = "RoomAsked"; // RoomAsk : RoomState; to a device, which answers
    public const string BoardChanged = "BoardChanged"; // () to board pages: the day's list changed
    public const string WatchBoard = "WatchBoard"; // client -> hub: () subscribe to BoardChanged
    public const string FleetChanged = "FleetChanged"; // () to fleet pages: some device's health changed
    public const string WatchFleet = "WatchFleet"; // client -> hub: () subscribe to FleetChanged; who may see devices
}
