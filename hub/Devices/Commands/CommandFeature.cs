using ThreeClassrooms.Hub.Devices.Link;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>What staff ask of devices.</summary>
internal static class CommandFeature
{
    public static IServiceCollection AddDeviceCommands(this IServiceCollection services)
    {
        services.AddSingleton<CommandLoop>();
        services.AddSingleton<IFleetListener>(s => s.GetRequiredService<CommandLoop>());
        services.AddHostedService(s => s.GetRequiredService<CommandLoop>());
        services.AddSingleton<CommandWords>();
        services.AddScoped<RoomLessons>();
        services.AddScoped<CommandDesk>();
        return services;
    }
}
