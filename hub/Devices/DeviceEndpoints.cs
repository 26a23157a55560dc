using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Broker;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>The device API over HTTP, see <see cref="DeviceApi"/>.</summary>
internal static class DeviceEndpoints
{
    /// <summary>The hub's clock (ISO 8601, UTC), also on answers without a body: devices correct their own clock by it.</summary>
    public const string HubTimeHeader = "X-Hub-Time";

    public static async Task<IResult> EnrolAsync(HttpRequest request, Enrolment enrolment, DeviceProblems problems, CancellationToken cancel)
    {
        Result<EnrolRequest, DeviceRefusal> body = await DeviceJson.ReadAsync<EnrolRequest>(request, cancel);
        if (!body.IsOk)
        {
            return problems.Of(body.Refusal!.Value);
        }

        // Not cancelled when the device hangs up: a code is spent once, so what was begun is finished.
        Result<EnrolResponse, DeviceRefusal> enrolled = await enrolment.ClaimAsync(body.Value, CancellationToken.None);
        return enrolled.IsOk ? Secret(request, enrolled.Value) : problems.Of(enrolled.Refusal!.Value);
    }

    public static async Task<IResult> TokenAsync(
        HttpRequest request, DeviceCredentials credentials, DeviceTokens tokens, DeviceProblems problems, TimeProvider clock, CancellationToken cancel)
    {
        Result<DeviceTokenRequest, DeviceRefusal> body = await DeviceJson.ReadAsync<DeviceTokenRequest>(request, cancel);
        if (!body.IsOk)
        {
            return problems.Of(body.Refusal!.Value);
        }

        string address = request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        Result<DeviceCaller, DeviceRefusal> device = await credentials.CheckAsync(body.Value, address, cancel);
        if (!device.IsOk)
        {
            return problems.Of(device.Refusal!.Value);
        }

        (string token, DateTimeOffset expires) = tokens.Issue(device.Value);
        return Secret(request, new DeviceTokenResponse(token, expires, clock.GetUtcNow()));
    }

    /// <summary>A new MQTT password for a device that has its token, in the two steps of <see cref="DeviceMqttRequest"/>.</summary>
    public static async Task<IResult> MqttAsync(HttpContext http, BrokerUsers users, DeviceProblems problems, CancellationToken cancel)
    {
        if (DeviceCaller.From(http.User) is not { } device)
        {
            return problems.Of(DeviceRefusal.BadCredentials);
        }

        Result<DeviceMqttRequest, DeviceRefusal> body = await DeviceJson.ReadAsync<DeviceMqttRequest>(http.Request, cancel);
        if (!body.IsOk)
        {
            return problems.Of(body.Refusal!.Value);
        }

        if (body.Value.Confirm is not { } password)
        {
            return Secret(http.Request, new DeviceMqttResponse(await users.IssueAsync(device.DeviceId, cancel)));
        }

        Result<DeviceMqttResponse, DeviceRefusal> confirmed = await users.ConfirmAsync(device.DeviceId, password, CancellationToken.None);
        return confirmed.IsOk ? Secret(http.Request, confirmed.Value) : problems.Of(confirmed.Refusal!.Value);
    }

    public static async Task<IResult> TimetableAsync(HttpContext http, DeviceTimetables timetables, DeviceProblems problems, CancellationToken cancel)
    {
        if (DeviceCaller.From(http.User) is not { } device)
        {
            return problems.Of(DeviceRefusal.BadCredentials);
        }

        DeviceTimetable timetable = await timetables.ReadAsync(device, cancel);
        EntityTagHeaderValue tag = TagOf(timetable);
        ResponseHeaders headers = http.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { Private = true, NoCache = true };
        headers.Headers[HubTimeHeader] = timetable.HubTime.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Json(timetable, DeviceJson.Options);
    }

    /// <summary>Strong, over everything but the hub's time: the same lessons have the same tag.</summary>
    private static EntityTagHeaderValue TagOf(DeviceTimetable timetable)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(timetable with { HubTime = default }, DeviceJson.Options);
        return new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(SHA256.HashData(content).AsSpan(0, 16))}\"");
    }

    /// <summary>An answer that no proxy may keep.</summary>
    private static IResult Secret<T>(HttpRequest request, T answer)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Json(answer, DeviceJson.Options);
    }
}
