namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>The pages about devices.</summary>
internal static class FleetFeature
{
    public static IServiceCollection AddFleetPages(this IServiceCollection services)
    {
        services.AddSingleton<HealthWords>();
        services.AddScoped<CareDesk>();
        services.AddHostedService<FleetAudience>();
        return services;
    }
}
