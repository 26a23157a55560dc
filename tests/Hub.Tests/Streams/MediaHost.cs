using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Tcp;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>The media driver with its endpoints on a free port of the loopback address.</summary>
internal sealed class MediaHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MediaHost(WebApplication app, int port)
    {
        (_app, Port) = (app, port);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public int Port { get; }

    public HttpClient Http { get; }

    public Guid Lesson { get; } = Guid.NewGuid();

    public MediaTickets Tickets => _app.Services.GetRequiredService<MediaTickets>();

    public StreamsMetrics Metrics => _app.Services.GetRequiredService<StreamsMetrics>();

    public ConnectionGate Gate => _app.Services.GetRequiredService<ConnectionGate>();

    public StreamServer Server => _app.Services.GetRequiredService<StreamServer>();

    public static async Task<MediaHost> StartAsync(StreamsOptions? options = null, IStreamObserver? observer = null)
    {
        int port = FreePort();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options ?? new StreamsOptions { SocketBuffer = 1 << 20, OffersPerSecond = 1000 });
        builder.Services.AddSingleton(MediaEndpoint.Create(IPAddress.Loopback, port, 0, [], tcp: true, offerLoopback: true));
        builder.Services.AddSingleton(new MediaTickets(new byte[32]));
        builder.Services.AddMediaServer();
        if (observer is not null)
        {
            builder.Services.AddSingleton(observer);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseMediaConnections()));
        WebApplication app = builder.Build();
        app.UseConnectionGuests();
        app.MapStreams();
        await app.StartAsync();
        var host = new MediaHost(app, port);
        host.Server.OpenLesson(host.Lesson);
        return host;
    }

    public MediaTicket Ticket(string seat, string stream, MediaDirection direction, DateTimeOffset? at = null) =>
        Tickets.Issue(Lesson, seat, stream, direction, StreamSource.Device, at ?? DateTimeOffset.UtcNow);

    public Task<HttpResponseMessage> OfferAsync(string url, string? token, string body, string type = "application/sdp") =>
        SendAsync(HttpMethod.Post, url, token, body, type);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, string? token, string? body = null, string type = "application/sdp", string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Free in TCP and in UDP, and the next one in UDP.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            int port = ((IPEndPoint)tcp.LocalEndpoint).Port;
            try
            {
                using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
                using var next = new UdpClient(new IPEndPoint(IPAddress.Loopback, port + 1));
                return port;
            }
            catch (SocketException)
            {
                // Another process has it in UDP.
            }
        }
    }
}
