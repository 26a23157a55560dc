using Microsoft.Net.Http.Headers;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams.Tickets;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Hub.Streams.Endpoints;

/// <summary>DELETE and PATCH of a connection's own URL (RFC 9725 §4.2, §4.3), under the ticket that made it, even after its time.</summary>
internal sealed class ConnectionEndpoint(StreamServer server, MediaTickets tickets)
{
    public const string FragmentType = "application/trickle-ice-sdpfrag";

    public async Task DeleteAsync(HttpContext context, string connectionId)
    {
        if (Claims(context) is not { } claims)
        {
            await MediaProblems.BadTicketAsync(context);
        }
        else
        {
            await DeleteAsync(context, connectionId, claims);
        }
    }

    public async Task DeleteAsync(HttpContext context, string connectionId, TicketClaims claims)
    {
        if (await server.EndAsync(connectionId, claims))
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
        }
        else
        {
            await UnknownAsync(context);
        }
    }

    public async Task PatchAsync(HttpContext context, string connectionId)
    {
        if (Claims(context) is not { } claims)
        {
            await MediaProblems.BadTicketAsync(context);
            return;
        }

        if (await MediaBody.ReadAsync(context, FragmentType) is not { } body)
        {
            return;
        }

        if (!IceFragment.TryParse(body, out IceFragment? fragment))
        {
            await MediaProblems.WriteAsync(context, 422, ErrorCodes.BadOffer, "The fragment cannot be read.");
            return;
        }

        if (context.Request.Headers.IfMatch.Count == 0)
        {
            await MediaProblems.WriteAsync(context, 428, ErrorCodes.BadRequest, "Send If-Match with the connection's entity tag, or * to restart ICE.");
            return;
        }

        if (await server.PatchAsync(connectionId, claims, fragment, Tags(context)) is not { } answer)
        {
            await UnknownAsync(context);
            return;
        }

        context.Response.Headers.ETag = answer.ETag;
        if (answer.Fragment is null)
        {
            await MediaProblems.WriteAsync(context, 412, ErrorCodes.BadRequest, "ICE was restarted meanwhile: send candidates under the new entity tag.");
            return;
        }

        if (answer.Fragment.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        context.Response.Headers[HeaderNames.ContentType] = FragmentType;
        await context.Response.WriteAsync(answer.Fragment, context.RequestAborted);
    }

    /// <summary>The entity tags of If-Match (RFC 9110 §13.1.1), with quotes; weak ones match nothing and are left out.</summary>
    private static List<string> Tags(HttpContext context) =>
        EntityTagHeaderValue.TryParseList([.. context.Request.Headers.IfMatch.OfType<string>()], out IList<EntityTagHeaderValue>? tags)
            ? [.. tags.Where(t => !t.IsWeak).Select(t => t.Tag.ToString())]
            : [];

    private static Task UnknownAsync(HttpContext context) =>
        MediaProblems.WriteAsync(context, 404, ErrorCodes.StreamNotLive, "There is no such connection any more: make a new one.");

    private TicketClaims? Claims(HttpContext context) =>
        Bearer.Of(context) is { } token && tickets.Verify(token, DateTimeOffset.MinValue) is { IsOk: true } verified ? verified.Value : null;
}
