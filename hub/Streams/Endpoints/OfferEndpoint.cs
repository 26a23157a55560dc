using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams.Tcp;
using ThreeClassrooms.Hub.Streams.Tickets;

namespace ThreeClassrooms.Hub.Streams.Endpoints;

/// <summary>POST of an offer to /whip or /whep (RFC 9725 §4.2): ticket, body, answer.</summary>
internal sealed class OfferEndpoint(StreamServer server, MediaTickets tickets, OfferLimiter limiter, TimeProvider time, StreamsMetrics metrics, ILogger<StreamServer> log, ITicketStanding? standing = null)
{
    public const string SdpType = "application/sdp";

    public async Task HandleAsync(HttpContext context, Guid lessonId, string streamId, MediaDirection direction)
    {
        if (!limiter.Admits(context))
        {
            await MediaProblems.WriteAsync(context, 429, ErrorCodes.TooManyTries, "Too many offers from this address: wait a moment.", 1);
            return;
        }

        if (Bearer.Of(context) is not { } token || tickets.Verify(token, time.GetUtcNow()) is not { IsOk: true } verified)
        {
            await MediaProblems.BadTicketAsync(context);
            return;
        }

        TicketClaims claims = verified.Value;
        if (claims.LessonId != lessonId || claims.StreamId != streamId || claims.Direction != direction)
        {
            await MediaProblems.OtherTicketAsync(context);
            return;
        }

        if (standing is not null && claims.Owner.Length > 0 && !await standing.StandsAsync(claims.Owner, context.RequestAborted))
        {
            await MediaProblems.BadTicketAsync(context);
            return;
        }

        if (!limiter.AdmitsTicket(token))
        {
            await MediaProblems.WriteAsync(context, 429, ErrorCodes.TooManyTries, "Too many offers under one ticket: ask for a fresh one.", 5);
            return;
        }

        context.Features.Get<ConnectionGuest>()?.BecomeKnown();
        await AnswerAsync(context, claims);
    }

    /// <summary>Answers the offer in the body under claims that have been verified.</summary>
    public async Task AnswerAsync(HttpContext context, TicketClaims claims)
    {
        if (await MediaBody.ReadAsync(context, SdpType) is not { } sdp)
        {
            return;
        }

        (AcceptedOffer? accepted, RefusedOffer? refused) = await server.OfferAsync(claims, sdp);
        if (refused is not null)
        {
            metrics.Event("refused");
            StreamsLog.Refused(log, claims.LessonId, claims.StreamId, refused.Refusal.ToString());
            await MediaProblems.WriteAsync(context, refused);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/media/{accepted!.Id}";
        context.Response.Headers.ETag = accepted.ETag;
        context.Response.ContentType = SdpType;
        await context.Response.WriteAsync(accepted.Sdp, context.RequestAborted);
    }
}
