namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>From what is wrong to whom it is told, and the desk where staff see to it. Add it after the health of devices, whose views it reads.</summary>
internal static class AlertsFeature
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<AlertStore>();
        services.AddSingleton<AlertStanding>();
        services.AddSingleton<AlertWords>();
        services.AddSingleton<AlertLoop>();
        services.AddHostedService(s => s.GetRequiredService<AlertLoop>());
        services.AddScoped<AlertDesk>();
        return services;
    }
}
