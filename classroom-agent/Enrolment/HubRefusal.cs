using System.Net;
using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Enrolment;

/// <summary>Why the hub gave no answer that can be used.</summary>
internal enum HubRefusal
{
    Unreachable,
    UntrustedCertificate,
    BadCode,
    CodeUsed,
    CodeExpired,
    TooManyTries,
    BadCredentials,
    DeviceDisabled,
    BadTicket,
    TicketForOther,
    BadOffer,
    CodecMismatch,
    StreamNotLive,
    HubFull,
    LessonClosed,
    NotUnderstood,

    /// <summary>The hub will never take this batch of records.</summary>
    BadBatch,
}

internal static class HubRefusals
{
    /// <summary>Reads the problem details of a refused request; never throws on what they contain.</summary>
    public static async Task<HubRefusal> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        string? code = null;
        try
        {
            await response.Content.LoadIntoBufferAsync(64 * 1024, stop);
            using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(stop));
            code = body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("code", out JsonElement e) ? e.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or InvalidOperationException)
        {
            // No body that says more than the status.
        }

        return FromCode(code, response.StatusCode);
    }

    public static HubRefusal FromCode(string? code, HttpStatusCode status) => code switch
    {
        ErrorCodes.BadCode => HubRefusal.BadCode,
        ErrorCodes.CodeUsed => HubRefusal.CodeUsed,
        ErrorCodes.CodeExpired => HubRefusal.CodeExpired,
        ErrorCodes.TooManyTries => HubRefusal.TooManyTries,
        ErrorCodes.BadCredentials => HubRefusal.BadCredentials,
        ErrorCodes.DeviceDisabled => HubRefusal.DeviceDisabled,
        ErrorCodes.BadTicket => HubRefusal.BadTicket,
        ErrorCodes.TicketForOther => HubRefusal.TicketForOther,
        ErrorCodes.BadOffer => HubRefusal.BadOffer,
        ErrorCodes.CodecMismatch => HubRefusal.CodecMismatch,
        ErrorCodes.StreamNotLive => HubRefusal.StreamNotLive,
        ErrorCodes.HubFull => HubRefusal.HubFull,
        ErrorCodes.LessonClosed => HubRefusal.LessonClosed,
        StreamErrorCodes.BadBatch => HubRefusal.BadBatch,
        _ => status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => HubRefusal.BadCredentials,
            HttpStatusCode.TooManyRequests => HubRefusal.TooManyTries,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => HubRefusal.Unreachable,
            _ => HubRefusal.NotUnderstood,
        },
    };

    /// <summary>One sentence that says what happened and what to do next.</summary>
    public static string Explain(HubRefusal refusal) => Words.Get("Refusal" + refusal);
}
