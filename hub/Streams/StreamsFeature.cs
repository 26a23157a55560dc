using Microsoft.AspNetCore.Server.Kestrel.Core;
using ThreeClassrooms.Hub.Streams.Tickets;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>
/// Wiring of the media driver. <c>Hub:Port</c> is the port number of UDP media, <c>Hub:DataFolder</c> holds the ticket key.
/// </summary>
internal static class StreamsFeature
{
    public static IServiceCollection AddStreams(this IServiceCollection services, IConfiguration configuration)
    {
        string folder = configuration["Hub:DataFolder"] ?? "data";
        services.AddOptions<StreamsOptions>()
            .Bind(configuration.GetSection(StreamsOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(_ => new MediaTickets(TicketKey.LoadOrCreate(Path.Combine(folder, "keys", "media-tickets.key"))));
        services.AddSingleton<StreamServer>();
        services.AddHostedService(s => s.GetRequiredService<StreamServer>());
        return services;
    }

    public static IEndpointRouteBuilder MapStreams(this IEndpointRouteBuilder app) => app;

    /// <summary>Takes media connections (ICE-TCP) out of an HTTP port by their first byte. Call before <c>UseHttps</c>.</summary>
    public static ListenOptions UseMediaConnections(this ListenOptions listen) => listen;
}
