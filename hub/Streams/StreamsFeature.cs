using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Streams.Endpoints;
using ThreeClassrooms.Hub.Streams.Sockets;
using ThreeClassrooms.Hub.Streams.Tcp;
using ThreeClassrooms.Hub.Streams.Tickets;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>Wiring of the media driver: it shares the hub's port number, one in UDP and one in TCP.</summary>
internal static class StreamsFeature
{
    public static IServiceCollection AddStreams(this IServiceCollection services)
    {
        services.AddSingleton(s =>
        {
            HubOptions hub = s.GetRequiredService<HubOptions>();
            StreamsOptions streams = s.GetRequiredService<StreamsOptions>();
            IPAddress listen = IPAddress.Parse(hub.Listen);
            bool loopback = !hub.ServesHttps || IPAddress.IsLoopback(listen);
            return MediaEndpoint.Create(listen, hub.Port, streams.PublicPort, streams.PublicAddresses, streams.Tcp, loopback);
        });
        services.AddSingleton(s => new MediaTickets(
            TicketKey.LoadOrCreate(Path.Combine(s.GetRequiredService<DataFolder>().Keys, "media-tickets.key"))));
        services.AddMediaServer();
        return services;
    }

    /// <summary>The driver without the hub's configuration: needs <see cref="MediaEndpoint"/>, <see cref="StreamsOptions"/> and <see cref="MediaTickets"/>.</summary>
    public static IServiceCollection AddMediaServer(this IServiceCollection services)
    {
        services.AddSingleton<StreamsMetrics>();
        services.AddSingleton<OfferLimiter>();
        services.AddSingleton<OfferEndpoint>();
        services.AddSingleton<ConnectionEndpoint>();
        services.AddSingleton(s => new ConnectionGate(s.GetRequiredService<StreamsOptions>().GateLimitsHere(Descriptors.Limit), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<GateWatch>();
        services.AddSingleton<StreamServer>();
        services.AddHostedService(s => s.GetRequiredService<StreamServer>());
        return services;
    }

    public static IEndpointRouteBuilder MapStreams(this IEndpointRouteBuilder app)
    {
        MapOffers(app, "/whip", MediaDirection.Publish);
        MapOffers(app, "/whep", MediaDirection.Watch);
        app.MapDelete("/media/{connectionId}", (HttpContext context, string connectionId, ConnectionEndpoint endpoint) =>
        {
            MediaCors.Allow(context);
            return endpoint.DeleteAsync(context, connectionId);
        }).AllowAnonymous();
        app.MapPatch("/media/{connectionId}", (HttpContext context, string connectionId, ConnectionEndpoint endpoint) =>
        {
            MediaCors.Allow(context);
            return endpoint.PatchAsync(context, connectionId);
        }).AllowAnonymous();
        app.MapMethods("/media/{connectionId}", ["OPTIONS"], MediaCors.Preflight).AllowAnonymous();
        app.MapMethods("/media/{connectionId}", ["GET", "HEAD", "POST", "PUT"], context => MediaProblems.OtherMethodAsync(context, "DELETE, OPTIONS, PATCH")).AllowAnonymous();
        return app;
    }

    /// <summary>Takes media connections (ICE-TCP) out of an HTTP port by their first byte. Call before <c>UseHttps</c>.</summary>
    public static ListenOptions UseMediaConnections(this ListenOptions listen)
    {
        IServiceProvider services = listen.ApplicationServices;
        listen.Use(next => new MediaConnectionMiddleware(
            next, services.GetRequiredService<StreamServer>(), services.GetRequiredService<ConnectionGate>(),
            services.GetRequiredService<StreamsMetrics>(), services.GetRequiredService<GateWatch>()).InvokeAsync);
        return listen;
    }

    /// <summary>Tells the door of the port that a connection has said something whole, and, once it is known, that somebody has signed in. Before everything else.</summary>
    public static IApplicationBuilder UseConnectionGuests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Features.Get<ConnectionGuest>() is { } guest)
        {
            guest.Speak();
            context.Response.OnStarting(() =>
            {
                if (context.User.Identity is { IsAuthenticated: true })
                {
                    guest.BecomeKnown();
                }

                return Task.CompletedTask;
            });
        }

        return next(context);
    });

    private static void MapOffers(IEndpointRouteBuilder app, string verb, MediaDirection direction)
    {
        string pattern = verb + "/{lessonId:guid}/{streamId}";
        app.MapPost(pattern, (HttpContext context, Guid lessonId, string streamId, OfferEndpoint endpoint) =>
        {
            MediaCors.Allow(context);
            return endpoint.HandleAsync(context, lessonId, streamId, direction);
        }).AllowAnonymous();
        app.MapMethods(pattern, ["OPTIONS"], MediaCors.Preflight).AllowAnonymous();
        app.Map(pattern, context => MediaProblems.OtherMethodAsync(context, "OPTIONS, POST")).AllowAnonymous();
    }
}
