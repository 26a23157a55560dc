using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.SignalR;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>The live lesson.</summary>
internal static class LessonsFeature
{
    private const int MaxMessage = 32 << 10;

    public static IServiceCollection AddLessons(this IServiceCollection services, HubSettings settings, CreditPolicy policy)
    {
        LessonsOptions lessons = settings.Get<LessonsOptions>();
        services.AddSingleton(new LessonRules(
            lessons.OpenBefore, lessons.ExtensionStep, lessons.ExtensionLimit, lessons.OverrunLimit, policy.Bridge, policy.StartGrace, lessons.StopTakeBack));
        services.AddSingleton<DeviceStandingFilter>();
        services.AddSingleton<StreamNews>();
        services.AddSingleton<IStreamObserver>(s => s.GetRequiredService<StreamNews>());
        services.AddSingleton<LessonStore>();
        services.AddSingleton<LessonAudience>();
        services.AddSingleton<LessonSnapshots>();
        services.AddSingleton<BoardNews>();
        services.AddSingleton<EvidenceBook>();
        services.AddSingleton<JudgingQueue>();
        services.AddSingleton<LessonTools>();
        services.AddSingleton<LessonDirector>();
        services.AddHostedService(s => s.GetRequiredService<LessonDirector>());
        services.AddHostedService<JudgingLoop>();
        services.AddSingleton<LessonDesk>();
        services.AddSingleton<ILessonOwner>(s => s.GetRequiredService<LessonDesk>());
        services.AddSingleton<IRecordEffect, DeviceEvidence>();
        services.AddHostedService<StreamListener>();
        services.AddSingleton<CommandPace>();
        services.AddSingleton<LiveSockets>();
        services.AddSingleton<StandingLoop>();
        services.AddSingleton<ITicketStanding>(s => s.GetRequiredService<StandingLoop>());
        services.AddHostedService(s => s.GetRequiredService<StandingLoop>());
        services.AddSignalR(hub =>
            {
                hub.MaximumReceiveMessageSize = MaxMessage;
                hub.MaximumParallelInvocationsPerClient = 1;
                hub.KeepAliveInterval = TimeSpan.FromSeconds(5); // a dead link is noticed by both ends within 15 s
                hub.ClientTimeoutInterval = TimeSpan.FromSeconds(15);
            })
            .AddHubOptions<LessonHub>(hub =>
            {
                hub.AddFilter<CommandPace>();
                hub.AddFilter<DeviceStandingFilter>();
            })
            .AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false)));
        return services;
    }

    public static void MapLessons(this IEndpointRouteBuilder app) =>
        app.MapHub<LessonHub>(LessonHubNames.Path).RequireAuthorization(HubPolicies.PersonOrDevice);
}
