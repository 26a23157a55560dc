using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Rooms;

/// <summary>The assistant's page on a telephone.</summary>
internal static class RoomFeature
{
    /// <summary>A school of ten rooms behind one address, each telephone looking every two seconds.</summary>
    private const int AsksPerMinute = 600;

    private const int OpensPerMinute = 30;

    public static IServiceCollection AddRoomPage(this IServiceCollection services) => services
        .AddSingleton<RoomDoors>()
        .AddSingleton<RoomTalk>()
        .AddRateLimit(RateLimits.RoomOpen, OpensPerMinute)
        .AddRateLimit(RateLimits.RoomAsk, AsksPerMinute);

    public static IEndpointRouteBuilder MapRoomPage(this IEndpointRouteBuilder app)
    {
        app.MapPost(RoomPageApi.Open, RoomEndpoints.OpenAsync).AllowAnonymous().RequireRateLimiting(RateLimits.RoomOpen);
        app.MapPost(RoomPageApi.Ask, RoomEndpoints.AskAsync).AllowAnonymous().RequireRateLimiting(RateLimits.RoomAsk);
        return app;
    }
}
