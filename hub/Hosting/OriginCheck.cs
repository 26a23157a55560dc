namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// A browser names the page that opens a WebSocket or sends a hub request; one from another site would ride on the person's cookie.
/// Requests without an Origin come from programs, which have no cookie.
/// </summary>
internal static class OriginCheck
{
    public static IApplicationBuilder UseOriginCheck(this IApplicationBuilder app, params string[] paths)
    {
        string publicAddress = app.ApplicationServices.GetRequiredService<HubOptions>().PublicAddress;
        return app.Use((context, next) => RefuseForeign(context, next, paths, publicAddress));
    }

    /// <summary>The Origin is there and names another scheme, host or port than the request went to, and is not the hub's public address.</summary>
    /// <param name="publicAddress">Empty: there is none; a proxy in front of the hub speaks another scheme than the browser does.</param>
    internal static bool IsForeign(HttpRequest request, string publicAddress = "")
    {
        string? origin = request.Headers.Origin;
        return !string.IsNullOrEmpty(origin)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && (IsSame(from, $"{request.Scheme}://{request.Host.Value}") || IsSame(from, publicAddress)));
    }

    private static bool IsSame(Uri from, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? own) && Uri.Compare(from, own, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static Task RefuseForeign(HttpContext context, RequestDelegate next, string[] paths, string publicAddress)
    {
        if (paths.Any(p => context.Request.Path.StartsWithSegments(p)) && IsForeign(context.Request, publicAddress))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }
}
