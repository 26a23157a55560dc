using System.Text.Json;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// For those who watch over the hub. <c>/healthz</c>: the process answers. <c>/readyz</c>: 200 when lessons can be held, else 503; the body names every
/// trouble, <c>{"ready":false,"troubles":["diskFull"]}</c>, and nothing about it: the log says more.
/// </summary>
internal static class Readiness
{
    public static void MapReadiness(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => "ok").AllowAnonymous();
        app.MapGet("/readyz", (HubTroubles troubles) => Results.Json(
            new ReadinessAnswer(troubles.IsReady, [.. troubles.All.Keys.Select(t => JsonNamingPolicy.CamelCase.ConvertName(t.ToString()))]),
            statusCode: troubles.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable)).AllowAnonymous();
    }

    private sealed record ReadinessAnswer(bool Ready, IReadOnlyList<string> Troubles);
}
