using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Seeding;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Tests.Devices.Inbox;
using ThreeClassrooms.Hub.Tests.Hosting;
using ThreeClassrooms.Hub.Timetable;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Lessons;

/// <summary>The hub with the demo county and one lesson of 90 s: host and two receiving classrooms.</summary>
internal sealed class LessonScene : IAsyncDisposable
{
    public const string HostSchool = "清川县城关实验小学";
    public const string Town = "白杨镇中心小学";
    public const string Point = "白杨镇柳沟教学点";

    private readonly List<Client> _clients = [];
    private readonly bool _ownsHost;

    private LessonScene(HubHost host, bool ownsHost) => (Host, _ownsHost) = (host, ownsHost);

    public HubHost Host { get; }

    public Guid LessonId { get; private set; }

    public DateTimeOffset Bell { get; private set; }

    /// <param name="inBell">From now to the bell.</param>
    public static async Task<LessonScene> CreateAsync(
        bool byTimetable = false, TimeSpan? inBell = null, Action<HubHost>? configure = null, LessonMode mode = LessonMode.Dedicated)
    {
        var host = new HubHost();
        host.Settings["Hub:SeedCounty"] = "demo-county.json";
        host.Settings["Credit:PolicyFile"] = "demo-credit-policy.json";
        host.Settings["Lessons:Tick"] = "00:00:00.050";
        host.Settings["Lessons:StopTakeBack"] = "00:00:00";
        host.Settings["Accounts:SignInsPerMinute"] = "1000";
        configure?.Invoke(host);
        var scene = new LessonScene(host, true);
        await scene.PlanAsync(byTimetable, inBell ?? TimeSpan.FromSeconds(15), mode);
        return scene;
    }

    /// <summary>The same lesson seen through another hub on the same data.</summary>
    public LessonScene On(HubHost other) => new(other, true) { LessonId = LessonId, Bell = Bell };

    public async Task<Client> SignInAsync(string login) => await ConnectAsync(await CookieAsync(login));

    /// <summary>The cookie of a new sign-in.</summary>
    public Task<string> CookieAsync(string login) => Host.WithAsync<IServiceProvider, string>(s => CookieOfAsync(s, login));

    public Task<Client> ConnectAsync(string cookie) => ConnectAsync(headers => headers["Cookie"] = cookie);

    public async Task<Client> DeviceAsync(string school, string room, DeviceRole role)
    {
        string token = await TokenAsync(school, room, role);
        return await ConnectAsync(headers => headers["Authorization"] = $"Bearer {token}");
    }

    public Task<string> TownTokenAsync() => TokenAsync(Town, "同步教室", DeviceRole.Receiving);

    public Task<string> PointTokenAsync() => TokenAsync(Point, "复式教室", DeviceRole.Receiving);

    public Task<string> MainTokenAsync() => TokenAsync(HostSchool, "录播教室一", DeviceRole.Main);

    /// <summary>Hands in everything that a device has written down.</summary>
    public async Task<StreamAck> HandInAsync(string token, RecordChain chain)
    {
        using HttpClient client = Host.Anonymous();
        return await client.HandInAsync(token, chain, chain.Records);
    }

    private Task<string> TokenAsync(string school, string room, DeviceRole role)
    {
        Guid roomId = CountySeeder.RoomId(school, room);
        return Host.WithAsync<IServiceProvider, string>(async services =>
        {
            string id = $"dev-{roomId.ToString()[..8]}-{role.ToString().ToLowerInvariant()}";
            var db = services.GetRequiredService<HubDbContext>();
            if (await db.Set<Device>().FindAsync(id) is null)
            {
                db.Add(new Device { Id = id, ClassroomId = roomId, Role = role, SecretHash = new string('0', 64), EnrolledAt = Host.Time.Now });
                await db.SaveChangesAsync();
            }

            return services.GetRequiredService<DeviceTokens>().Issue(new DeviceCaller(id, roomId, role)).Token;
        });
    }

    public Task<Client> MainDeviceAsync() => DeviceAsync(HostSchool, "录播教室一", DeviceRole.Main);

    public Task<Client> TownDeviceAsync() => DeviceAsync(Town, "同步教室", DeviceRole.Receiving);

    public Task<Client> PointDeviceAsync() => DeviceAsync(Point, "复式教室", DeviceRole.Receiving);

    /// <summary>Moves the hub's clock to an instant relative to the bell.</summary>
    public void To(TimeSpan sinceBell)
    {
        TimeSpan step = Bell + sinceBell - Host.Time.Now;
        Host.Time.Advance(step);
    }

    public void Publishes(string streamId, bool up = true) => Publishes(LessonId, streamId, up);

    public void Publishes(Guid lessonId, string streamId, bool up = true) => News.OnPublisher(
        new StreamKey(lessonId, streamId), up, StreamSource.Browser, "VP8", true, Host.Time.Now);

    /// <summary>What the media loop would tell of the seconds since the bell, [from, to); of the lecturer's own stream where a watcher is null.</summary>
    public void Flows(int from, int to, params string?[] watchers) => Flows(from, to, 0, watchers);

    /// <summary>The same over a line that loses more than half: it counts only where the room itself saw or heard it.</summary>
    public void FlowsPoorly(int from, int to, params string?[] watchers) => Flows(from, to, 60, watchers);

    /// <summary>A packet a second: nothing that moves.</summary>
    public void Trickles(int from, int to, params string?[] watchers) => Flows(
        from, to, watchers, (start, end) => new FlowSample(start, end, 1, 1, 900, 60, 1, 1, 0, 20));

    private void Flows(int from, int to, double loss, string?[] watchers) => Flows(
        from, to, watchers, (start, end) => new FlowSample(start, end, 30, 50, 200_000, 5_000, 25, 50, loss, 20));

    private void Flows(int from, int to, string?[] watchers, Func<DateTimeOffset, DateTimeOffset, FlowSample> sample)
    {
        for (int second = from; second < to; second++)
        {
            foreach (string? watcher in watchers)
            {
                News.OnFlow(new StreamKey(LessonId, StreamIds.HostCamera), watcher, sample(Bell.AddSeconds(second), Bell.AddSeconds(second + 1)));
            }
        }
    }

    public ReceptionReport Report(int from, int to, double fps = 25, bool black = false, double sound = -20) => new(
        StreamIds.HostCamera, Bell.AddSeconds(from), Bell.AddSeconds(to), fps, 0, black, sound, 0, 15, 320);

    public ReceptionRecord Reception(string seat, int from, int to, bool black = false) =>
        new(LessonId, seat, Report(from, to, fps: black ? 0 : 25, black: black, sound: black ? -90 : -20));

    public Task<TimetableRefusal?> CancelAsync(string reason) =>
        Host.WithAsync<LessonCancelling, TimetableRefusal?>(c => c.CancelAsync(LessonId, reason));

    public Task<T> DbAsync<T>(Func<HubDbContext, Task<T>> read) => Host.WithAsync(read);

    public Task<Occurrence> OccurrenceAsync() => DbAsync(db => db.Set<Occurrence>().AsNoTracking().SingleAsync(o => o.Id == LessonId));

    /// <summary>Waits until the stored lesson is in a phase.</summary>
    public Task ReachesAsync(LessonPhase phase) => EventuallyAsync(async () => (await OccurrenceAsync()).Phase == phase, phase.ToString());

    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"not reached: {what}");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Client client in _clients)
        {
            await client.DisposeAsync();
        }

        if (_ownsHost)
        {
            await Host.DisposeAsync();
        }
    }

    private async Task<string> CookieOfAsync(IServiceProvider services, string login)
    {
        Account account = await services.GetRequiredService<UserManager<Account>>().FindByNameAsync(login)
            ?? throw new ArgumentException("no such account", nameof(login));
        ClaimsPrincipal principal = await services.GetRequiredService<SignInManager<Account>>().CreateUserPrincipalAsync(account);
        await services.GetRequiredService<Sessions>().BeginAsync(principal);
        CookieAuthenticationOptions cookie = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(IdentityConstants.ApplicationScheme);
        var properties = new AuthenticationProperties { IssuedUtc = Host.Time.Now, ExpiresUtc = Host.Time.Now.AddHours(8) };
        return $"{cookie.Cookie.Name}={cookie.TicketDataFormat.Protect(new AuthenticationTicket(principal, properties, IdentityConstants.ApplicationScheme))}";
    }

    private StreamNews News => Host.Services.GetRequiredService<StreamNews>();

    /// <summary>Plans a second lesson of the same lecturer in the same rooms, beginning within the first.</summary>
    public Task<Result<Occurrence, TimetableRefusal>> PlanAgainAsync() => PlanAsync(Bell.AddSeconds(20), false, LessonMode.Dedicated);

    private async Task PlanAsync(bool byTimetable, TimeSpan inBell, LessonMode mode)
    {
        Bell = Host.Time.Now + inBell;
        var planned = await PlanAsync(Bell, byTimetable, mode);
        Assert.True(planned.IsOk, planned.Refusal?.ToString());
        LessonId = planned.Value.Id;
    }

    private Task<Result<Occurrence, TimetableRefusal>> PlanAsync(DateTimeOffset bell, bool byTimetable, LessonMode mode)
    {
        TimeSpan period = Host.Services.GetRequiredService<CreditPolicy>().StandardPeriod.Primary;
        return Host.WithAsync<TimetablePlanner, Result<Occurrence, TimetableRefusal>>(planner => planner.CreateAsync(new NewOccurrence(
            mode, "英语", "Unit 4", Stage.Primary, CountySeeder.TeacherId(HostSchool, "王秀兰"), CountySeeder.RoomId(HostSchool, "录播教室一"),
            [
                new NewReceiver(CountySeeder.RoomId(Town, "同步教室"), null, CountySeeder.TeacherId(Town, "苏小红")),
                new NewReceiver(CountySeeder.RoomId(Point, "复式教室"), null, CountySeeder.TeacherId(Point, "高有才")),
            ],
            bell, bell.AddSeconds(90), period)
        {
            StartsByTimetable = byTimetable,
        }));
    }

    private async Task<Client> ConnectAsync(Action<IHeaderDictionary> headers)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new SocketConnections(Host.Server, headers));
        builder.Services.AddSingleton<System.Net.EndPoint>(new UriEndPoint(new Uri(Host.Server.BaseAddress, LessonHubNames.Path)));
        builder.AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        HubConnection connection = builder.Build();
        connection.KeepAliveInterval = TimeSpan.FromSeconds(4); // as the page does: the hub lets go of clients that are silent for 15 s
        var client = new Client(connection, LessonId);
        _clients.Add(client);
        await client.StartAsync();
        return client;
    }

    /// <summary>One person's or device's connection to the lesson hub.</summary>
    internal sealed class Client(HubConnection connection, Guid lessonId) : IAsyncDisposable
    {
        public ConcurrentQueue<LessonSnapshot> Snapshots { get; } = new();

        public ConcurrentQueue<ChatLine> Chat { get; } = new();

        public HubConnection Connection => connection;

        public async Task StartAsync()
        {
            connection.On<LessonSnapshot>(LessonHubNames.LessonChanged, Snapshots.Enqueue);
            connection.On<ChatLine>(LessonHubNames.ChatPosted, Chat.Enqueue);
            await connection.StartAsync();
        }

        public Task<CommandReply<JoinedLesson>> JoinAsync() => connection.InvokeAsync<CommandReply<JoinedLesson>>(LessonHubNames.Join, lessonId);

        public async Task<LessonRefusal?> DoAsync(string method, params object?[] args) =>
            (await connection.InvokeCoreAsync<CommandReply>(method, [lessonId, .. args])).Refusal;

        public Task<CommandReply<MediaTicket>> TicketAsync(string stream, MediaDirection direction) =>
            connection.InvokeAsync<CommandReply<MediaTicket>>(LessonHubNames.Ticket, lessonId, stream, direction);

        /// <summary>Waits for a snapshot that shows something.</summary>
        public Task SeesAsync(Func<LessonSnapshot, bool> condition, string what) =>
            EventuallyAsync(() => Task.FromResult(Snapshots.Any(condition)), what);

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
