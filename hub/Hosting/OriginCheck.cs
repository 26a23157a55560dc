namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// A browser names the page that opens a WebSocket or sends a hub request; one from another site would ride on the person's cookie.
/// Requests without an Origin come from programs, which have no cookie.
/// </summary>
internal static class OriginCheck
{
    public static IApplicationBuilder UseOriginCheck(this IApplicationBuilder app, params string[] paths) => app.Use((context, next) =>
    {
        if (paths.Any(p => context.Request.Path.StartsWithSegments(p)) && IsForeign(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    });

    /// <summary>The Origin is there and names another host or port than the request went to.</summary>
    internal static bool IsForeign(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        return !string.IsNullOrEmpty(origin)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
                && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
