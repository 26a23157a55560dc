using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Hosting;

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
        services.AddScoped<CommandFiles>();
        services.AddScoped<PictureDesk>();
        services.AddHostedService<CommandFilesLoop>();
        return services.AddRateLimit(RateLimits.CommandFiles, 30, http => DeviceCaller.From(http.User)?.DeviceId ?? http.Connection.RemoteIpAddress?.ToString());
    }

    public static IEndpointRouteBuilder MapDeviceCommands(this IEndpointRouteBuilder app)
    {
        app.MapPut(DeviceApi.CommandFile, CommandFileEndpoint.PutAsync).RequireAuthorization(HubPolicies.Device).RequireRateLimiting(RateLimits.CommandFiles);
        return app;
    }
}
