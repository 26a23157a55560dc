using Microsoft.Extensions.Primitives;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>Headers on every answer: no foreign content, no inline script, no framing, no guessing of types; private answers are kept by no cache.</summary>
internal static class SecurityHeaders
{
    private static readonly (string Name, StringValues Value)[] Headers =
    [
        ("Content-Security-Policy",
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
            + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), geolocation=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ];

    public static IApplicationBuilder UseSecurityHeaders(this WebApplication app)
    {
        bool https = app.Services.GetRequiredService<HubOptions>().ServesHttps;
        return app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                foreach ((string name, StringValues value) in Headers)
                {
                    context.Response.Headers.TryAdd(name, value);
                }

                if (https)
                {
                    context.Response.Headers.TryAdd("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
                }

                // Pages, parts of pages, exports and recordings are for the one who is signed in: no cache on the way or on a shared computer keeps them.
                if (context.User.Identity?.IsAuthenticated == true)
                {
                    context.Response.Headers.TryAdd("Cache-Control", "no-store");
                }

                return Task.CompletedTask;
            });
            return next(context);
        });
    }
}
