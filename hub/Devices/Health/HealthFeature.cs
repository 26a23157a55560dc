using ThreeClassrooms.Hub.Devices.Link;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>What the hub knows of its devices, and what staff see of it.</summary>
internal static class HealthFeature
{
    public static IServiceCollection AddDeviceHealth(this IServiceCollection services)
    {
        services.AddSingleton<FleetHealth>();
        services.AddSingleton<IFleetListener>(s => s.GetRequiredService<FleetHealth>());
        services.AddSingleton<HealthStore>();
        services.AddSingleton<MetricsHistory>();
        services.AddSingleton<HealthLoop>();
        services.AddHostedService(s => s.GetRequiredService<HealthLoop>());
        return services;
    }
}
