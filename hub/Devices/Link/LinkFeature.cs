namespace ThreeClassrooms.Hub.Devices.Link;

/// <summary>The hub's own connection to the broker.</summary>
internal static class LinkFeature
{
    public static IServiceCollection AddFleetLink(this IServiceCollection services) => services
        .AddSingleton<FleetDevices>()
        .AddSingleton<FleetInbox>()
        .AddSingleton<FleetLink>()
        .AddScoped<DeviceAccess>()
        .AddHostedService(services => services.GetRequiredService<FleetLink>());
}
