using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Rooms;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>The SignalR face of lessons: one line per method, decided by the <see cref="LessonDesk"/>. Names are in <see cref="LessonHubNames"/>.</summary>
internal sealed class LessonHub(LessonDesk desk, LiveSockets sockets, AuditTrail audit, RoomDoors doors, RoomTalk talk) : Microsoft.AspNetCore.SignalR.Hub
{
    private const string JoinedKey = "joined";

    private HashSet<Guid> Joined => (HashSet<Guid>)(Context.Items[JoinedKey] ??= new HashSet<Guid>());

    public override async Task OnConnectedAsync()
    {
        sockets.Add(Context);
        if (LessonCaller.From(Context.User!)?.Device is { } device)
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, LessonAudience.OfRoom(device.ClassroomId));
            talk.OnConnected(device.DeviceId, Context.ConnectionId);
        }
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        sockets.Remove(Context);
        if (LessonCaller.From(Context.User!)?.Device is { } device)
        {
            talk.OnDisconnected(device.DeviceId, Context.ConnectionId);
        }

        foreach (Guid lessonId in Joined)
        {
            desk.Leave(lessonId, Context.ConnectionId);
        }

        return Task.CompletedTask;
    }

    public async Task<CommandReply<JoinedLesson>> Join(Guid lessonId)
    {
        LessonCaller? caller = LessonCaller.From(Context.User!);
        if (caller is null)
        {
            return new CommandReply<JoinedLesson>(null, LessonRefusal.NotAllowed);
        }

        CommandReply<JoinedLesson> reply = await desk.JoinAsync(lessonId, caller, Context.ConnectionId);
        if (reply.Value is { } joined)
        {
            Joined.Add(lessonId);
            await Groups.AddToGroupAsync(Context.ConnectionId, LessonAudience.OfLesson(lessonId));
            if (joined.Access == LessonAccess.Observer)
            {
                await audit.WriteAsync(AuditAction.WatchedLesson, caller.Person!.AccountId, caller.Person.Login, lessonId.ToString());
            }
        }

        return reply;
    }

    public async Task<CommandReply> Leave(Guid lessonId)
    {
        Joined.Remove(lessonId);
        await Groups.RemoveFromGroupAsync(Context.ConnectionId, LessonAudience.OfLesson(lessonId));
        return desk.Leave(lessonId, Context.ConnectionId);
    }

    public Task<CommandReply<MediaTicket>> Ticket(Guid lessonId, string streamId, MediaDirection direction) =>
        desk.TicketAsync(lessonId, Context.ConnectionId, streamId ?? "", direction);

    public Task<CommandReply> ReportReadiness(Guid lessonId, Readiness readiness) => desk.ReportReadinessAsync(lessonId, Context.ConnectionId, readiness);

    public Task<CommandReply> ReportReception(Guid lessonId, ReceptionReport[] reports) =>
        desk.ReportReceptionAsync(lessonId, Context.ConnectionId, reports ?? []);

    public Task<CommandReply> Start(Guid lessonId) => desk.StartAsync(lessonId, Context.ConnectionId);

    public Task<CommandReply> Extend(Guid lessonId) => desk.ExtendAsync(lessonId, Context.ConnectionId);

    public Task<CommandReply> Stop(Guid lessonId) => desk.StopAsync(lessonId, Context.ConnectionId);

    public Task<CommandReply> TakeBackStop(Guid lessonId) => desk.TakeBackStopAsync(lessonId, Context.ConnectionId);

    public Task<CommandReply> RaiseHand(Guid lessonId, bool raised) => desk.RaiseHandAsync(lessonId, Context.ConnectionId, raised);

    public Task<CommandReply> GrantFloor(Guid lessonId, string seatId) => desk.GrantFloorAsync(lessonId, Context.ConnectionId, seatId ?? "");

    public Task<CommandReply> TakeFloor(Guid lessonId) => desk.TakeFloorAsync(lessonId, Context.ConnectionId);

    public Task<CommandReply> Mute(Guid lessonId, string seatId, bool muted) => desk.MuteAsync(lessonId, Context.ConnectionId, seatId ?? "", muted);

    public Task<CommandReply> Say(Guid lessonId, string text) => desk.SayAsync(lessonId, Context.ConnectionId, text ?? "");

    /// <summary>A ticket for the telephone page of the calling device's own room; null to anybody else.</summary>
    public RoomTicket? RoomTicket() =>
        LessonCaller.From(Context.User!)?.Device is { } device && doors.Show(device.DeviceId) is var (ticket, expires)
            ? new RoomTicket($"{RoomPageApi.Page}#{ticket}", expires)
            : null;

    /// <summary>Subscribes a person's page to <see cref="LessonHubNames.BoardChanged"/>, which carries nothing.</summary>
    public async Task<CommandReply> WatchBoard()
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, LessonAudience.Board);
        return CommandReply.Done;
    }

    /// <summary>Subscribes a person's page to <see cref="LessonHubNames.FleetChanged"/>, which carries nothing.</summary>
    public async Task<CommandReply> WatchFleet()
    {
        if (Caller.From(Context.User!) is not { } caller || !FleetRights.MaySee(caller))
        {
            return new CommandReply(LessonRefusal.NotAllowed);
        }

        await Groups.AddToGroupAsync(Context.ConnectionId, FleetAudience.Group);
        return CommandReply.Done;
    }
}
