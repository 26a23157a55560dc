using ThreeClassrooms.Hub.Streams.Loops;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>Wiring of recording and replay. Add it before the media driver, so that it starts before it and stops after it.</summary>
internal static class RecordingsFeature
{
    public static IServiceCollection AddRecordings(this IServiceCollection services)
    {
        services.AddSingleton<RecordingCatalogue>();
        services.AddSingleton<Remuxer>();
        services.AddSingleton<FileKeeper>();
        services.AddSingleton<RecordingDesk>();
        services.AddSingleton<IStreamRecorder>(s => s.GetRequiredService<RecordingDesk>());
        services.AddHostedService(s => s.GetRequiredService<RecordingDesk>());
        return services;
    }

    public static IEndpointRouteBuilder MapRecordings(this IEndpointRouteBuilder app)
    {
        app.MapGet("/recordings/{id:guid}/file", ReplayEndpoint.GetAsync).RequireAuthorization();
        return app;
    }
}
