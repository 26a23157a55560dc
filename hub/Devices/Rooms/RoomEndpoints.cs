using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Rooms;

/// <summary>The telephone page's two calls, see <see cref="RoomPageApi"/>. Neither looks at a cookie.</summary>
internal static class RoomEndpoints
{
    private const string Bearer = "Bearer ";

    public static async Task<IResult> OpenAsync(HttpRequest request, RoomDoors doors, CancellationToken cancel)
    {
        Result<RoomOpenRequest, DeviceRefusal> body = await DeviceJson.ReadAsync<RoomOpenRequest>(request, cancel);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return !body.IsOk ? Results.BadRequest()
            : doors.Open(body.Value.Ticket) is var (session, expires) ? Results.Json(new RoomOpened(session, expires), DeviceJson.Options)
            : Results.Unauthorized();
    }

    public static async Task<IResult> AskAsync(HttpRequest request, RoomDoors doors, RoomTalk talk, DeviceStanding standing, CancellationToken cancel)
    {
        string header = request.Headers.Authorization.ToString();
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (!header.StartsWith(Bearer, StringComparison.Ordinal) || doors.DeviceOf(header[Bearer.Length..]) is not { } device
            || !await standing.IsEnabledAsync(device, cancel))
        {
            return Results.Unauthorized();
        }

        Result<RoomAsk, DeviceRefusal> body = await DeviceJson.ReadAsync<RoomAsk>(request, cancel);
        if (!body.IsOk || !Enum.IsDefined(body.Value.Action) || (body.Value.Action == RoomAction.SetVolume && body.Value.Value is not (>= 0 and <= 100)))
        {
            return Results.BadRequest();
        }

        return await talk.AskAsync(device, body.Value, cancel) is { } state
            ? Results.Json(state, DeviceJson.Options)
            : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }
}
