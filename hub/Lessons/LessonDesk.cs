using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Streams;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// What the people and devices of a lesson may ask for. Rights are checked here, per seat; the machine checks the moment.
/// Thread-safe: everything runs on the director's loop.
/// </summary>
internal sealed class LessonDesk(
    LessonDirector director, LessonStore store, LessonAudience audience, MediaTickets tickets, LessonsOptions options,
    TimeProvider clock, ILogger<LessonDesk> log)
{
    private const int MaxText = 500;
    private const int MaxReports = 16;

    private readonly Dictionary<string, Queue<DateTimeOffset>> _lines = [];

    public Task<CommandReply<JoinedLesson>> JoinAsync(Guid lessonId, LessonCaller caller, string connectionId) => director.AskAsync(async () =>
    {
        if (await director.FindAsync(lessonId) is not { } lesson)
        {
            return new CommandReply<JoinedLesson>(null, LessonRefusal.UnknownLesson);
        }

        if (Seating.Of(caller, lesson.Occurrence) is not { } seating)
        {
            return new CommandReply<JoinedLesson>(null, LessonRefusal.NotAllowed);
        }

        lesson.Connections[connectionId] = new Attendee(caller, seating);
        DateTimeOffset now = clock.GetUtcNow();
        if (seating.Occupies)
        {
            lesson.Machine.OnSeat(seating.SeatId!, true, now);
        }

        await director.SettleAsync(lesson);
        return new CommandReply<JoinedLesson>(new JoinedLesson(seating.Access, seating.SeatId, lesson.Snapshot(now), [.. lesson.Chat]), null);
    });

    public Task<CommandReply> LeaveAsync(Guid lessonId, string connectionId) => director.AskAsync(async () =>
    {
        if (await director.FindAsync(lessonId) is { } lesson && lesson.Connections.Remove(connectionId, out Attendee? gone) && gone.Seating.Occupies)
        {
            lesson.Machine.OnSeat(gone.Seating.SeatId!, lesson.IsOccupied(gone.Seating.SeatId!), clock.GetUtcNow());
            await director.SettleAsync(lesson);
        }

        return CommandReply.Done;
    });

    public Task<CommandReply<MediaTicket>> TicketAsync(Guid lessonId, string connectionId, string streamId, MediaDirection direction) =>
        director.AskAsync(async () =>
        {
            if (await director.FindAsync(lessonId) is not { } lesson || !lesson.Connections.TryGetValue(connectionId, out Attendee? who))
            {
                return new CommandReply<MediaTicket>(null, LessonRefusal.UnknownLesson);
            }

            LessonRefusal? refusal = CheckTicket(lesson, who.Seating, streamId, direction);
            return refusal is null
                ? new CommandReply<MediaTicket>(
                    tickets.Issue(lessonId, MediaSeat(who), streamId, direction, who.Caller.Source, clock.GetUtcNow()), null)
                : new CommandReply<MediaTicket>(null, refusal);
        });

    public Task<CommandReply> StartAsync(Guid lessonId, string connectionId) => CommandAsync(lessonId, connectionId, nameof(StartAsync), (lesson, who) =>
        who.Seating.Access == LessonAccess.Lecturer || who.Seating.MainDevice
            ? lesson.Machine.OnStart(who.Seating.MainDevice ? "device" : "lecturer", clock.GetUtcNow(), who.Caller.Person?.AccountId)
            : LessonRefusal.NotAllowed);

    public Task<CommandReply> ExtendAsync(Guid lessonId, string connectionId) => CommandAsync(lessonId, connectionId, nameof(ExtendAsync), (lesson, who) =>
        who.Seating.Access == LessonAccess.Lecturer || who.Seating.MainDevice
            ? lesson.Machine.OnExtend(clock.GetUtcNow(), lesson.NextLessonAt, who.Caller.Person?.AccountId)
            : LessonRefusal.NotAllowed);

    public Task<CommandReply> StopAsync(Guid lessonId, string connectionId) => CommandAsync(lessonId, connectionId, nameof(StopAsync), (lesson, who) =>
        who.Seating.Access == LessonAccess.Lecturer || who.Seating.MainDevice
            ? lesson.Machine.OnStop(clock.GetUtcNow(), who.Caller.Person?.AccountId)
            : LessonRefusal.NotAllowed);

    public Task<CommandReply> RaiseHandAsync(Guid lessonId, string connectionId, bool raised) =>
        CommandAsync(lessonId, connectionId, nameof(RaiseHandAsync), (lesson, who) =>
            who.Seating.SeatId is { } seat ? lesson.Machine.OnHand(seat, raised, clock.GetUtcNow()) : LessonRefusal.NotAllowed);

    public Task<CommandReply> GrantFloorAsync(Guid lessonId, string connectionId, string seatId) =>
        CommandAsync(lessonId, connectionId, nameof(GrantFloorAsync), (lesson, who) => who.Seating.Access == LessonAccess.Lecturer
            ? lesson.Machine.OnGrantFloor(seatId, clock.GetUtcNow(), who.Caller.Person?.AccountId)
            : LessonRefusal.NotAllowed);

    public Task<CommandReply> TakeFloorAsync(Guid lessonId, string connectionId) =>
        CommandAsync(lessonId, connectionId, nameof(TakeFloorAsync), (lesson, who) => who.Seating.Access == LessonAccess.Lecturer
            ? lesson.Machine.OnTakeFloor(clock.GetUtcNow(), who.Caller.Person?.AccountId)
            : LessonRefusal.NotAllowed);

    public Task<CommandReply> MuteAsync(Guid lessonId, string connectionId, string seatId, bool muted) =>
        CommandAsync(lessonId, connectionId, nameof(MuteAsync), (lesson, who) => who.Seating.SeatId is { } by
            ? lesson.Machine.OnMute(by, seatId, muted, clock.GetUtcNow(), who.Caller.Person?.AccountId)
            : LessonRefusal.NotAllowed);

    public Task<CommandReply> ReportReadinessAsync(Guid lessonId, string connectionId, Readiness readiness) =>
        CommandAsync(lessonId, connectionId, nameof(ReportReadinessAsync), (lesson, who) =>
        {
            if (!who.Seating.Occupies)
            {
                return LessonRefusal.NotAllowed;
            }

            lesson.OnReadiness(who.Seating.SeatId!, readiness);
            lesson.Machine.OnReadiness(who.Seating.SeatId!, ReadinessSummary.Of(readiness), clock.GetUtcNow());
            return null;
        });

    /// <summary>For the eyes of those in the lesson; the same report comes as evidence through the device's outbox (<see cref="DeviceEvidence"/>).</summary>
    public Task<CommandReply> ReportReceptionAsync(Guid lessonId, string connectionId, IReadOnlyList<ReceptionReport> reports) =>
        CommandAsync(lessonId, connectionId, nameof(ReportReceptionAsync), (lesson, who) =>
        {
            if (!who.Seating.Occupies || who.Caller.Device is null)
            {
                return LessonRefusal.NotAllowed;
            }

            DateTimeOffset now = clock.GetUtcNow();
            if (reports.Count > MaxReports)
            {
                return LessonRefusal.NotNow;
            }

            foreach (ReceptionReport report in reports.Where(r => r is not null && ReceptionRules.IsPlausible(r, now)))
            {
                Take(lesson, who.Seating.SeatId!, report, now);
            }

            return null;
        });

    public Task<CommandReply> SayAsync(Guid lessonId, string connectionId, string text) => director.AskAsync(async () =>
    {
        if (await director.FindAsync(lessonId) is not { } lesson || !lesson.Connections.TryGetValue(connectionId, out Attendee? who))
        {
            return new CommandReply(LessonRefusal.UnknownLesson);
        }

        if (CheckLine(lesson, who, text) is { } refusal)
        {
            return new CommandReply(refusal);
        }

        DateTimeOffset now = clock.GetUtcNow();
        string seat = who.Seating.SeatId!;
        string author = who.Caller.Person?.DisplayName ?? lesson.Occurrence.Participations.Single(p => p.SeatId == seat).Classroom.Name;
        long id = await store.AddChatAsync(lessonId, seat, author, text.Trim(), now);
        var line = new ChatLine(id, seat, author, text.Trim(), now);
        lesson.Chat.Add(line);
        await audience.TellAsync(lessonId, line);
        return CommandReply.Done;
    });

    private Task<CommandReply> CommandAsync(Guid lessonId, string connectionId, string command, Func<LiveLesson, Attendee, LessonRefusal?> decide) =>
        director.AskAsync(async () =>
        {
            if (await director.FindAsync(lessonId) is not { } lesson || !lesson.Connections.TryGetValue(connectionId, out Attendee? who))
            {
                return new CommandReply(LessonRefusal.UnknownLesson);
            }

            LessonRefusal? refusal = decide(lesson, who);
            if (refusal is { } why)
            {
                log.Refused(lessonId, command, who.Seating.SeatId, why);
            }

            await director.SettleAsync(lesson);
            return new CommandReply(refusal);
        });

    private static void Take(LiveLesson lesson, string seatId, ReceptionReport report, DateTimeOffset now)
    {
        lesson.OnReport(seatId, report);
        if (StreamIds.SeatOf(report.StreamId) != LessonPlan.Host || !lesson.Machine.Plan.IsReceiving(seatId))
        {
            return;
        }

        if (report.FirstPictureMs is { } first)
        {
            lesson.Machine.OnFirstPicture(seatId, (int)first, now);
        }

    }

    private LessonRefusal? CheckLine(LiveLesson lesson, Attendee who, string? text)
    {
        if (who.Seating.SeatId is null)
        {
            return LessonRefusal.NotAllowed;
        }

        if (!lesson.Machine.State.IsOpen)
        {
            return LessonRefusal.NotNow;
        }

        if (string.IsNullOrWhiteSpace(text) || text.Trim().Length > MaxText)
        {
            return LessonRefusal.TextTooLong;
        }

        string author = who.Caller.Person?.AccountId.ToString() ?? who.Caller.Device!.DeviceId;
        DateTimeOffset now = clock.GetUtcNow();
        Queue<DateTimeOffset> said = _lines.TryGetValue(author, out Queue<DateTimeOffset>? known) ? known : _lines[author] = [];
        while (said.TryPeek(out DateTimeOffset oldest) && now - oldest >= TimeSpan.FromMinutes(1))
        {
            said.Dequeue();
        }

        if (said.Count >= options.ChatLinesPerMinute)
        {
            return LessonRefusal.TooOften;
        }

        said.Enqueue(now);
        return null;
    }

    private static LessonRefusal? CheckTicket(LiveLesson lesson, Seating who, string streamId, MediaDirection direction)
    {
        string seat = StreamIds.SeatOf(streamId);
        bool known = lesson.Machine.Plan.Seats.Contains(seat)
            && (streamId == StreamIds.Of(seat, StreamKind.Camera) || streamId == StreamIds.Of(seat, StreamKind.Screen));
        return !known ? LessonRefusal.UnknownStream
            : !lesson.Machine.State.IsOpen ? LessonRefusal.NotNow
            : direction == MediaDirection.Publish && !(who.Occupies && who.SeatId == seat) ? LessonRefusal.NotAllowed
            : null;
    }

    /// <summary>People who do not send for a seat watch as themselves, so that they never count as the room.</summary>
    private static string MediaSeat(Attendee who) =>
        who.Seating.Occupies ? who.Seating.SeatId! : $"o-{who.Caller.Person!.AccountId}";
}
