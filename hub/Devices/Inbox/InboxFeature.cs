using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>What devices hand in, see <see cref="EvidenceStreams"/>.</summary>
internal static class InboxFeature
{
    public static IServiceCollection AddInbox(this IServiceCollection services, HubSettings settings) => services
        .AddScoped<DeviceInbox>()
        .AddSingleton(new InboxQuota(settings.Get<DevicesOptions>()))
        .AddRateLimit(
            RateLimits.Streams, settings.Get<DevicesOptions>().BatchesPerMinute, http => DeviceCaller.From(http.User)?.DeviceId ?? http.Connection.RemoteIpAddress?.ToString());

    public static IEndpointRouteBuilder MapInbox(this IEndpointRouteBuilder app)
    {
        app.MapPut(EvidenceStreams.Route, InboxEndpoint.PutAsync).RequireAuthorization(HubPolicies.Device).RequireRateLimiting(RateLimits.Streams);
        return app;
    }
}
