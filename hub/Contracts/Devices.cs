namespace ThreeClassrooms.Contracts;

/// <summary>What a classroom's device does.</summary>
public enum DeviceRole
{
    /// <summary>主讲端: captures and publishes the lecturer's room.</summary>
    Main,

    /// <summary>接收端: shows the lesson and publishes the class back.</summary>
    Receiving,
}

/// <summary>POST /api/enrol (no credentials; rate limited). The code is single use; five wrong tries are all that a network has against it.</summary>
/// <param name="Code">8 letters of BCDFGHJKLMNPQRSTVWXZ (RFC 8628 §6.1); dashes and lower case are accepted.</param>
public sealed record EnrolRequest(string Code, string MachineName, string AgentVersion);

/// <param name="DeviceId">Lower case <c>[a-z0-9-]{4,40}</c>; later also the MQTT identity.</param>
/// <param name="Secret">256 random bits, base64url; shown once, the hub keeps its hash.</param>
/// <param name="Mqtt">Null: this hub watches no health.</param>
/// <param name="ReleaseKey">PEM of the public key that releases are signed for; null: this hub's releases are not signed.</param>
public sealed record EnrolResponse(
    string DeviceId, string Secret, DeviceRole Role, string Classroom, string School, DateTimeOffset HubTime, DeviceMqtt? Mqtt = null,
    string? ReleaseKey = null);

/// <summary>How a device reaches the broker. Username and client id are its device id.</summary>
/// <param name="Host">Null: the one at which the device reaches the hub.</param>
/// <param name="Password">256 random bits, base64url; shown once, the hub keeps its hash.</param>
/// <param name="Certificate">PEM: the broker's own certificate or the authorities that sign it; null: no TLS (a broker on the device's own machine).</param>
/// <param name="CertificateIsPin">True: <paramref name="Certificate"/> is the broker's own and no other is believed, whatever name it is reached under.</param>
public sealed record DeviceMqtt(string? Host, int Port, string Password, string? Certificate, bool CertificateIsPin)
{
    public override string ToString() => $"{Host ?? "hub"}:{Port}";
}

/// <summary>
/// POST /api/device/mqtt with the device's token: a new MQTT password, in two steps so that the old one works until the new one is safe on the device's disk.
/// </summary>
/// <param name="Confirm">Null: hand out a new password, which does not count yet. Else that password: from now on it counts and the old one does not.</param>
public sealed record DeviceMqttRequest(string? Confirm = null);

/// <param name="Mqtt">Null: this hub watches no health.</param>
public sealed record DeviceMqttResponse(DeviceMqtt? Mqtt);

/// <summary>POST /api/device/token.</summary>
public sealed record DeviceTokenRequest(string DeviceId, string Secret);

/// <param name="Token">Bearer token for the device API and the SignalR hub; 10 minutes.</param>
public sealed record DeviceTokenResponse(string Token, DateTimeOffset ExpiresAt, DateTimeOffset HubTime);

/// <summary>One occurrence in a device's own timetable.</summary>
/// <param name="SeatId">This device's seat in it.</param>
public sealed record DeviceOccurrence(
    Guid LessonId, string SeatId, SeatRole Role, LessonMode Mode, string Subject, string Topic, string Lecturer,
    string HostSchool, string HostRoom, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool StartsByTimetable, LessonPhase Phase);

/// <summary>GET /api/device/timetable: the next 14 days; ETag and If-None-Match are honoured.</summary>
/// <param name="OpenBefore">How long before the bell the room opens for readiness checks; default 10 min.</param>
/// <param name="JoinBefore">How long before the bell receiving devices join; default 2 min.</param>
public sealed record DeviceTimetable(
    string DeviceId, DeviceRole Role, string Classroom, string School, string TimeZone, DateTimeOffset HubTime,
    TimeSpan OpenBefore, TimeSpan JoinBefore, IReadOnlyList<DeviceOccurrence> Occurrences);

public static class DeviceApi
{
    public const string Enrol = "/api/enrol";
    public const string Token = "/api/device/token";
    public const string Timetable = "/api/device/timetable";
    public const string Mqtt = "/api/device/mqtt";

    /// <summary>PUT, the bytes as they are: what a command asked for (a picture, the log). The same once more is taken for the first.</summary>
    public const string CommandFile = "/api/device/commands/{id:guid}/file";
}

/// <summary>Body of every refusal on the HTTP API (RFC 9457 problem details carry <c>code</c>).</summary>
public static class ErrorCodes
{
    public const string BadRequest = "badRequest";
    public const string BadCode = "badCode";
    public const string CodeUsed = "codeUsed";
    public const string CodeExpired = "codeExpired";
    public const string TooManyTries = "tooManyTries";
    public const string BadCredentials = "badCredentials";
    public const string DeviceDisabled = "deviceDisabled";
    public const string NoSuchCommand = "noSuchCommand";
    public const string NoSuchRelease = "noSuchRelease";
    public const string BadTicket = "badTicket";
    public const string TicketForOther = "ticketForOther";
    public const string BadOffer = "badOffer";
    public const string CodecMismatch = "codecMismatch";
    public const string StreamNotLive = "streamNotLive";
    public const string HubFull = "hubFull";
    public const string LessonClosed = "lessonClosed";
}
