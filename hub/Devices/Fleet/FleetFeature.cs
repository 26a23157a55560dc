using ThreeClassrooms.Hub.Devices.Link;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>The pages about devices.</summary>
internal static class FleetFeature
{
    public static IServiceCollection AddFleetPages(this IServiceCollection services)
    {
        services.AddSingleton<HealthWords>();
        services.AddScoped<CareDesk>();
        services.AddHostedService<FleetAudience>();
        services.AddSingleton<RetainedLoop>();
        services.AddSingleton<IFleetListener>(s => s.GetRequiredService<RetainedLoop>());
        services.AddHostedService(s => s.GetRequiredService<RetainedLoop>());
        return services;
    }
}
