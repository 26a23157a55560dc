using Microsoft.AspNetCore.Authentication;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Devices.Rooms;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>Classroom devices: enrolment, tokens, their own timetable.</summary>
internal static class DevicesFeature
{
    public static IServiceCollection AddDevices(this IServiceCollection services, HubSettings settings)
    {
        DevicesOptions devices = settings.Get<DevicesOptions>();
        services.AddSingleton<DeviceTokens>();
        services.AddSingleton<DeviceStanding>();
        services.AddSingleton<DeviceProblems>();
        services.AddSingleton<DeviceTokenPace>();
        services.AddSingleton<InstallLine>();
        services.AddSingleton<CodeTries>();
        services.AddScoped<EnrolmentCodes>();
        services.AddScoped<Enrolment>();
        services.AddScoped<DeviceCredentials>();
        services.AddScoped<DeviceTimetables>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, DeviceAuthenticationHandler>(HubPolicies.DeviceScheme, null);
        return services
            .AddBroker(settings)
            .AddFleetLink()
            .AddInbox(settings)
            .AddDeviceCommands()
            .AddReleases()
            .AddRoomPage()
            .AddRateLimit(RateLimits.Enrol, devices.EnrolmentsPerMinute)
            .AddRateLimit(RateLimits.Token, devices.TokensPerMinute);
    }

    public static IEndpointRouteBuilder MapDevices(this IEndpointRouteBuilder app)
    {
        app.MapPost(DeviceApi.Enrol, DeviceEndpoints.EnrolAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Enrol);
        app.MapPost(DeviceApi.Token, DeviceEndpoints.TokenAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Token);
        app.MapPost(DeviceApi.Mqtt, DeviceEndpoints.MqttAsync).RequireAuthorization(HubPolicies.Device).RequireRateLimiting(RateLimits.Token);
        app.MapGet(DeviceApi.Timetable, DeviceEndpoints.TimetableAsync).RequireAuthorization(HubPolicies.Device);
        return app.MapInbox().MapDeviceCommands().MapReleases().MapRoomPage();
    }
}
