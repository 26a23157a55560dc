using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Endpoints;
using ThreeClassrooms.Hub.Streams.Tickets;

namespace ThreeClassrooms.Benchmarks;

/// <summary>The media driver alone, for independent load clients: one stream per room, one bearer token for everything.</summary>
internal static class Serve
{
    public static async Task RunAsync(Arguments arguments)
    {
        int port = arguments.Number("port", 8600);
        await using WebApplication app = Build(port, arguments.Text("token", "secret"), arguments.Text("address", "127.0.0.1"), arguments.Number("pin", -1));
        await app.StartAsync();
        Console.WriteLine($"whip http://127.0.0.1:{port}/whip/ROOM   whep http://127.0.0.1:{port}/whep/ROOM   pid {Environment.ProcessId}");
        await app.WaitForShutdownAsync();
    }

    public static WebApplication Build(int port, string token, string address, int pin)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var options = new StreamsOptions { OffersPerSecond = 10_000, PinCore = pin };
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(MediaEndpoint.Create(IPAddress.IPv6Any, port, 0, [address], tcp: true, offerLoopback: true));
        builder.Services.AddSingleton(new MediaTickets(RandomNumberGenerator.GetBytes(32)));
        builder.Services.AddMediaServer();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port, listen => listen.UseMediaConnections()));
        WebApplication app = builder.Build();
        MapOffers(app, "/whip/{room}", token, MediaDirection.Publish);
        MapOffers(app, "/whep/{room}", token, MediaDirection.Watch);
        app.MapMethods("/{verb}/{room}", ["OPTIONS"], MediaCors.Preflight);
        app.MapDelete("/media/{connectionId}", async (HttpContext context, string connectionId, StreamServer server) =>
        {
            MediaCors.Allow(context);
            return Bearer.Of(context) == token && await server.EndAsync(connectionId, claims: null) ? Results.Ok() : Results.NotFound();
        });
        return app;
    }

    private static void MapOffers(WebApplication app, string pattern, string token, MediaDirection direction) =>
        app.MapPost(pattern, (HttpContext context, string room, OfferEndpoint endpoint, StreamServer server) =>
        {
            MediaCors.Allow(context);
            if (Bearer.Of(context) != token)
            {
                return MediaProblems.BadTicketAsync(context);
            }

            TicketClaims claims = Claims(room, direction);
            server.OpenLesson(claims.LessonId);
            return endpoint.AnswerAsync(context, claims);
        });

    private static TicketClaims Claims(string room, MediaDirection direction)
    {
        var lesson = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(room)).AsSpan(0, 16));
        string seat = direction == MediaDirection.Publish ? "host" : "o-load";
        return new TicketClaims(lesson, seat, StreamIds.HostCamera, direction, StreamSource.Device, DateTimeOffset.MaxValue);
    }
}
