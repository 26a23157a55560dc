using Microsoft.AspNetCore.Mvc;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Streams.Endpoints;

/// <summary>Refusals of the media endpoints as problem details (RFC 9457) with a stable <c>code</c> and a sentence that says what to do.</summary>
internal static class MediaProblems
{
    public static Task WriteAsync(HttpContext context, int status, string code, string detail, int? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var problem = new ProblemDetails { Status = status, Title = code, Detail = detail };
        problem.Extensions["code"] = code;
        return context.Response.WriteAsJsonAsync(problem, options: null, "application/problem+json", context.RequestAborted);
    }

    public static Task WriteAsync(HttpContext context, RefusedOffer refused) => refused.Refusal switch
    {
        OfferRefusal.BadOffer => WriteAsync(context, 422, ErrorCodes.BadOffer, refused.Detail),
        OfferRefusal.CodecMismatch => WriteAsync(context, 406, ErrorCodes.CodecMismatch, refused.Detail),
        OfferRefusal.StreamNotLive => WriteAsync(context, 404, ErrorCodes.StreamNotLive, refused.Detail, retryAfter: 2),
        OfferRefusal.LessonClosed => WriteAsync(context, 404, ErrorCodes.LessonClosed, refused.Detail),
        OfferRefusal.HubFull => WriteAsync(context, 503, ErrorCodes.HubFull, refused.Detail, retryAfter: 10),
    };

    /// <summary>405 with what is allowed (RFC 9110 §15.5.6).</summary>
    public static Task OtherMethodAsync(HttpContext context, string allowed)
    {
        MediaCors.Allow(context);
        context.Response.Headers.Allow = allowed;
        return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, ErrorCodes.BadRequest, $"This address takes {allowed}.");
    }

    public static Task BadTicketAsync(HttpContext context) =>
        WriteAsync(context, 401, ErrorCodes.BadTicket, "Ask for a fresh ticket and send it as \"Authorization: Bearer …\".");

    public static Task OtherTicketAsync(HttpContext context) =>
        WriteAsync(context, 403, ErrorCodes.TicketForOther, "This ticket is for another lesson, stream or direction: ask for one for this address.");
}
