namespace ThreeClassrooms.Hub.Streams.Endpoints;

/// <summary>
/// Players and publishers in pages of other origins may use WHIP and WHEP: what protects these endpoints is the ticket, never a cookie.
/// </summary>
internal static class MediaCors
{
    public static void Allow(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Location, ETag, Link, Retry-After";
    }

    public static Task Preflight(HttpContext context)
    {
        Allow(context);
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowMethods = "POST, PATCH, DELETE, OPTIONS";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, If-Match";
        headers.AccessControlMaxAge = "600";
        headers["Accept-Post"] = OfferEndpoint.SdpType;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
