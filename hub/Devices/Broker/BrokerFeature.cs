using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>The broker between hub and devices: started and supervised, or the county's own; its users kept as the database has them.</summary>
internal static class BrokerFeature
{
    public static IServiceCollection AddBroker(this IServiceCollection services, HubSettings settings)
    {
        services.AddSingleton(services => new BrokerStanding(services.GetRequiredService<TimeProvider>(), settings.Get<MqttOptions>().Mode));
        services.AddSingleton<BrokerAccess>();
        services.AddSingleton<BrokerGround>();
        services.AddSingleton<BrokerLoop>();
        services.AddSingleton<BrokerKeeper>();
        services.AddScoped<BrokerUsers>();
        return services
            .AddHostedService(services => services.GetRequiredService<BrokerLoop>())
            .AddHostedService(services => services.GetRequiredService<BrokerKeeper>());
    }
}
