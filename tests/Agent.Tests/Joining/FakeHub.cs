using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Joining;

/// <summary>The hub's contract without a hub: enrolment, tokens, a timetable, and a lesson that can be joined. No media.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeHub(WebApplication app, DeviceTimetable timetable) => (_app, Timetable) = (app, timetable);

    public Uri Address => new(_app.Urls.First());

    public DeviceTimetable Timetable { get; set; }

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Answers a device that asks for an MQTT password.</summary>
    public Func<DeviceMqttRequest, DeviceMqtt?> GiveMqtt { get; set; } = _ => null;

    /// <param name="port">0: any.</param>
    public static async Task<FakeHub> StartAsync(int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddSignalR().AddJsonProtocol(options => Wire.Configure(options.PayloadSerializerOptions));
        builder.Services.ConfigureHttpJsonOptions(options => Wire.Configure(options.SerializerOptions));
        FakeHub hub = null!;
        builder.Services.AddSingleton(_ => hub);
        WebApplication app = builder.Build();
        hub = new FakeHub(app, Lessons.Timetable(DateTimeOffset.UtcNow.AddMinutes(1)));
        app.MapPost(DeviceApi.Enrol, (EnrolRequest request) => request.Code == "BCDFGHJK"
            ? Results.Ok(new EnrolResponse("device-1", "secret", DeviceRole.Receiving, "一班", "小学", DateTimeOffset.UtcNow))
            : Results.Problem(statusCode: 400, extensions: new Dictionary<string, object?> { ["code"] = ErrorCodes.CodeUsed }));
        app.MapPost(DeviceApi.Token, (DeviceTokenRequest request) => request.Secret == "secret"
            ? Results.Ok(new DeviceTokenResponse("token", DateTimeOffset.UtcNow.AddMinutes(10), DateTimeOffset.UtcNow))
            : Results.Problem(statusCode: 401, extensions: new Dictionary<string, object?> { ["code"] = ErrorCodes.BadCredentials }));
        app.MapPost(DeviceApi.Mqtt, (DeviceMqttRequest request) => Results.Ok(new DeviceMqttResponse(hub.GiveMqtt(request))));
        app.MapGet(DeviceApi.Timetable, hub.ReadTimetable);
        app.MapHub<LessonHub>(LessonHubNames.Path);
        await app.StartAsync();
        return hub;
    }

    public Task SendAsync(LessonSnapshot snapshot) =>
        _app.Services.GetRequiredService<IHubContext<LessonHub>>().Clients.All.SendAsync(LessonHubNames.LessonChanged, snapshot);

    public async ValueTask DisposeAsync()
    {
        using var quick = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(quick.Token);
        await _app.DisposeAsync();
    }

    private IResult ReadTimetable(HttpContext http)
    {
        Calls.Enqueue("timetable " + http.Request.Headers.IfNoneMatch);
        string tag = $"\"{Timetable.Occurrences.Count.ToString(CultureInfo.InvariantCulture)}\"";
        http.Response.Headers.ETag = tag;
        return http.Request.Headers.Authorization != "Bearer token" ? Results.Unauthorized()
            : http.Request.Headers.IfNoneMatch == tag ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Ok(Timetable);
    }

    public sealed class LessonHub(FakeHub hub) : Hub
    {
        public CommandReply<JoinedLesson> Join(Guid lessonId)
        {
            hub.Calls.Enqueue("join " + Context.GetHttpContext()!.Request.Headers.Authorization);
            return lessonId == Lessons.Id
                ? new(Lessons.Joined("r1", Lessons.Snapshot(DateTimeOffset.UtcNow, LessonPhase.Ready)), null)
                : new(null, LessonRefusal.UnknownLesson);
        }

        public CommandReply Mute(Guid lessonId, string seatId, bool muted)
        {
            hub.Calls.Enqueue($"mute {seatId} {muted}");
            return CommandReply.Done;
        }
    }
}
