using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// The SignalR connection to the hub's lesson hub, kept up for as long as the agent runs. Calls fail with null while it is down.
/// Handlers run on the connection's own task and must return at once.
/// </summary>
internal sealed class HubLink : IAsyncDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private readonly HubConnection _connection;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public HubLink(Uri hub, IConnectionFactory factory, TimeProvider time, ILogger log)
    {
        (_time, _log) = (time, log);
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton(factory);
        builder.Services.AddSingleton<System.Net.EndPoint>(new UriEndPoint(new Uri(hub, LessonHubNames.Path)));
        builder.AddJsonProtocol(options => Wire.Configure(options.PayloadSerializerOptions));
        _connection = builder.Build();
        // Half of this is how often we ping; a hub that died without a goodbye is noticed within it.
        _connection.ServerTimeout = TimeSpan.FromSeconds(35);
        _connection.KeepAliveInterval = TimeSpan.FromSeconds(10);
        _connection.On<LessonSnapshot>(LessonHubNames.LessonChanged, snapshot => Snapshot?.Invoke(snapshot));
        _connection.On(LessonHubNames.TimetableChanged, () => TimetableChanged?.Invoke());
        _connection.On<ChatLine>(LessonHubNames.ChatPosted, line => Chat?.Invoke(line));
        _connection.On<RoomAsk, RoomState>(LessonHubNames.RoomAsked, ask => Asked(ask));
    }

    public event Action<LessonSnapshot>? Snapshot;

    public event Action<ChatLine>? Chat;

    public event Action? TimetableChanged;

    /// <summary>Answers what somebody in the room asks by telephone; set once, before the link runs.</summary>
    public Func<RoomAsk, Task<RoomState>> Asked { get; set; } = _ => throw new HubException("not ready");

    /// <summary>The hub does not know this connection in that lesson.</summary>
    public event Action<Guid>? NotJoined;

    public event Action<bool>? Changed;

    public bool IsUp => _connection.State == HubConnectionState.Connected;

    /// <summary>Connects, waits for the end of the connection, connects again.</summary>
    /// <param name="urgent">True while a lesson is on: waits between tries are then 0.5 s doubling to 2 s, else to 15 s (all with full jitter).</param>
    public async Task RunAsync(Func<bool> urgent, CancellationToken stop)
    {
        var patient = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
        var hasty = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2));
        while (!stop.IsCancellationRequested)
        {
            if (await ConnectAsync(stop))
            {
                patient.Reset();
                hasty.Reset();
            }

            await Waits.PauseAsync((urgent() ? hasty : patient).Next(Random.Shared.NextDouble()), _time, stop);
        }
    }

    public async Task<CommandReply<JoinedLesson>?> JoinAsync(Guid lessonId, CancellationToken stop) =>
        await CallAsync<CommandReply<JoinedLesson>>(LessonHubNames.Join, stop, lessonId);

    public async Task<CommandReply?> LeaveAsync(Guid lessonId, CancellationToken stop) =>
        await CallAsync<CommandReply>(LessonHubNames.Leave, stop, lessonId);

    public async Task<CommandReply<MediaTicket>?> TicketAsync(Guid lessonId, string streamId, MediaDirection direction, CancellationToken stop) =>
        await CallAsync<CommandReply<MediaTicket>>(LessonHubNames.Ticket, stop, lessonId, streamId, direction);

    public async Task<CommandReply?> ReportReadinessAsync(Guid lessonId, Readiness readiness, CancellationToken stop) =>
        await CallAsync<CommandReply>(LessonHubNames.ReportReadiness, stop, lessonId, readiness);

    public async Task<CommandReply?> ReportReceptionAsync(Guid lessonId, IReadOnlyList<ReceptionReport> reports, CancellationToken stop) =>
        await CallAsync<CommandReply>(LessonHubNames.ReportReception, stop, lessonId, reports);

    public async Task<CommandReply?> MuteAsync(Guid lessonId, string seatId, bool muted, CancellationToken stop) =>
        await CallAsync<CommandReply>(LessonHubNames.Mute, stop, lessonId, seatId, muted);

    public async Task<CommandReply?> RaiseHandAsync(Guid lessonId, bool raised, CancellationToken stop) =>
        await CallAsync<CommandReply>(LessonHubNames.RaiseHand, stop, lessonId, raised);

    /// <returns>Null: no link, or a hub that has no such page.</returns>
    public async Task<RoomTicket?> RoomTicketAsync(CancellationToken stop) => await CallAsync<RoomTicket>(LessonHubNames.RoomTicket, stop);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
    }

    /// <returns>True when there was a connection, which has now ended.</returns>
    private async Task<bool> ConnectAsync(CancellationToken stop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task OnClosed(Exception? _)
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        }

        _connection.Closed += OnClosed;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(TimeSpan.FromSeconds(8));
            await _connection.StartAsync(limit.Token);
            _log.LinkUp();
            Changed?.Invoke(true);
            await using (stop.Register(() => ended.TrySetResult()))
            {
                await ended.Task;
            }

            _log.LinkDown();
            Changed?.Invoke(false);
            return true;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or HubException or InvalidDataException or TimeoutException)
        {
            _log.LinkRefused(e.Message);
            return false;
        }
        finally
        {
            _connection.Closed -= OnClosed;
        }
    }

    private async Task<T?> CallAsync<T>(string method, CancellationToken stop, params object?[] arguments)
        where T : class
    {
        if (!IsUp)
        {
            return null;
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(CallTimeout);
            T reply = await _connection.InvokeCoreAsync<T>(method, arguments, limit.Token);
            bool unknown = reply is CommandReply { Refusal: LessonRefusal.UnknownLesson } or CommandReply<MediaTicket> { Refusal: LessonRefusal.UnknownLesson };
            if (unknown && arguments is [Guid lessonId, ..])
            {
                NotJoined?.Invoke(lessonId);
            }

            return reply;
        }
        catch (Exception e) when (e is IOException or HubException or OperationCanceledException or InvalidOperationException or JsonException)
        {
            _log.CallFailed(method, e.Message);
            return null;
        }
    }
}
