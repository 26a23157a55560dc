using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>Named limits per remote address against guessing. They live in memory; the code's burning is kept in the database.</summary>
internal static class RateLimits
{
    public const string Enrol = "Enrol";
    public const string Token = "Token";
    public const string Media = "Media";
    public const string Streams = "Streams";
    public const string AlertTrial = "AlertTrial";
    public const string CommandFiles = "CommandFiles";
    public const string Releases = "Releases";
    public const string RoomOpen = "RoomOpen";
    public const string RoomAsk = "RoomAsk";

    public static IServiceCollection AddRateLimits(this IServiceCollection services) => services
        .AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = RefuseAsync;
        })
        .AddRateLimit(Media, 600); // a school of 40 rooms behind one address, each rejoining three streams five times a minute

    /// <summary>Adds a limit that endpoints ask for with <c>RequireRateLimiting(name)</c>.</summary>
    /// <param name="by">Who shares one limit; null: everybody at one remote address.</param>
    public static IServiceCollection AddRateLimit(this IServiceCollection services, string name, int perMinute, Func<HttpContext, string?>? by = null) =>
        services.Configure<RateLimiterOptions>(limiter => limiter.AddPolicy(name, context => RateLimitPartition.GetSlidingWindowLimiter(
            $"{name} {(by is null ? context.Connection.RemoteIpAddress?.ToString() : by(context))}",
            _ => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 })));

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancel)
    {
        TimeSpan wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan given) ? given : TimeSpan.FromSeconds(10);
        rejected.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await Results.Problem(
            detail: rejected.HttpContext.RequestServices.GetRequiredService<Text>()["Error.429.Help"],
            statusCode: StatusCodes.Status429TooManyRequests,
            extensions: new Dictionary<string, object?> { ["code"] = ErrorCodes.TooManyTries }).ExecuteAsync(rejected.HttpContext);
    }
}
