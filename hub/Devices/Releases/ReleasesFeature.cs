using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Versions of the agent: taken in, handed out, brought to the devices in stages.</summary>
internal static class ReleasesFeature
{
    public static IServiceCollection AddReleases(this IServiceCollection services)
    {
        services.AddSingleton<ReleaseGate>();
        services.AddSingleton<ReleaseKey>();
        services.AddScoped<ReleaseShelf>();
        services.AddSingleton<ReleaseIntake>();
        services.AddHostedService(s => s.GetRequiredService<ReleaseIntake>());
        services.AddSingleton<RolloutWords>();
        services.AddScoped<ReleaseOffer>();
        services.AddScoped<RolloutSights>();
        services.AddScoped<RolloutDesk>();
        services.AddSingleton<RolloutLoop>();
        services.AddHostedService(s => s.GetRequiredService<RolloutLoop>());
        return services.AddRateLimit(RateLimits.Releases, 30, http => DeviceCaller.From(http.User)?.DeviceId ?? http.Connection.RemoteIpAddress?.ToString());
    }

    public static IEndpointRouteBuilder MapReleases(this IEndpointRouteBuilder app)
    {
        app.MapGet(AgentReleases.ManifestPath("{version}"), ReleaseEndpoints.ManifestAsync).RequireAuthorization(HubPolicies.Device).RequireRateLimiting(RateLimits.Releases);
        app.MapGet(AgentReleases.PackagePath("{version}"), ReleaseEndpoints.PackageAsync).RequireAuthorization(HubPolicies.Device).RequireRateLimiting(RateLimits.Releases);
        return app;
    }
}
