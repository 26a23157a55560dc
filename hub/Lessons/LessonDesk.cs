using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// What the people and devices of a lesson may ask for. Rights are checked here, per seat; the machine checks the moment.
/// Thread-safe: everything runs on the lesson's own line. A command is answered when it is in force, or with <see cref="LessonRefusal.Busy"/> when the database
/// has kept it waiting too long for a person: it is still tried then.
/// </summary>
internal sealed class LessonDesk(
    LessonDirector director, LessonStore store, LessonAudience audience, MediaTickets tickets, LessonsOptions options,
    TimeProvider clock, ILogger<LessonDesk> log) : ILessonOwner
{
    /// <summary>Shorter than what the clients wait for an answer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);

    /// <summary>The lesson's state is good to look at before its newest facts are stored.</summary>
    private static readonly TimeSpan JoinWait = TimeSpan.FromSeconds(1);

    private const int MaxText = 500;
    private const int MaxReports = 16;

    private readonly ConcurrentDictionary<string, Queue<DateTimeOffset>> _lines = [];

    public async Task<CommandReply<JoinedLesson>> JoinAsync(Guid lessonId, LessonCaller caller, string connectionId)
    {
        (LessonRefusal? refusal, Seating? seating, Task<bool> stored) = await AskAsync(lessonId, async (line, lesson) =>
        {
            if (Seating.Of(caller, lesson.Occurrence) is not { } seating)
            {
                return (LessonRefusal.NotAllowed, null, Task.FromResult(true));
            }

            lesson.Connections[connectionId] = new Attendee(caller, seating);
            if (seating.Occupies)
            {
                lesson.Machine.OnSeat(seating.SeatId!, true, clock.GetUtcNow());
            }

            return ((LessonRefusal?)null, (Seating?)seating, await line.SettleAsync());
        }, why => (why, null, Task.FromResult(true)));
        if (refusal is not null)
        {
            return new CommandReply<JoinedLesson>(null, refusal);
        }

        await IsInForceAsync(stored, JoinWait);
        return await AskAsync(
            lessonId,
            (_, lesson) => Task.FromResult(new CommandReply<JoinedLesson>(
                new JoinedLesson(seating!.Access, seating.SeatId, lesson.Snapshot(clock.GetUtcNow()), [.. lesson.Chat]), null)),
            why => new CommandReply<JoinedLesson>(null, why));
    }

    public CommandReply Leave(Guid lessonId, string connectionId)
    {
        director.PostIfKnown(lessonId, async (line, lesson) =>
        {
            if (lesson.Connections.Remove(connectionId, out Attendee? gone) && gone.Seating.Occupies)
            {
                lesson.Machine.OnSeat(gone.Seating.SeatId!, lesson.IsOccupied(gone.Seating.SeatId!), clock.GetUtcNow());
                await line.SettleAsync();
            }
        });
        return CommandReply.Done;
    }

    public Task<CommandReply<MediaTicket>> TicketAsync(Guid lessonId, string connectionId, string streamId, MediaDirection direction) => AskAsync(
        lessonId,
        (_, lesson) => Task.FromResult(!lesson.Connections.TryGetValue(connectionId, out Attendee? who)
            ? new CommandReply<MediaTicket>(null, LessonRefusal.UnknownLesson)
            : CheckTicket(lesson, who.Seating, streamId, direction) is { } refusal ? new CommandReply<MediaTicket>(null, refusal)
            : new CommandReply<MediaTicket>(tickets.Issue(lessonId, MediaSeat(who), streamId, direction, who.Caller.Source, clock.GetUtcNow(), who.Caller.Owner), null)),
        why => new CommandReply<MediaTicket>(null, why));

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

    public Task<CommandReply> TakeBackStopAsync(Guid lessonId, string connectionId) =>
        CommandAsync(lessonId, connectionId, nameof(TakeBackStopAsync), (lesson, who) => who.Seating.Access == LessonAccess.Lecturer || who.Seating.MainDevice
            ? lesson.Machine.OnTakeBackStop(clock.GetUtcNow(), who.Caller.Person?.AccountId)
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
            ? lesson.Machine.OnMute(by, seatId, muted, clock.GetUtcNow(), who.Caller.Person?.AccountId, who.Seating.MainDevice && seatId == by)
            : LessonRefusal.NotAllowed);

    public Task<CommandReply> ReportReadinessAsync(Guid lessonId, string connectionId, Readiness readiness) =>
        CommandAsync(lessonId, connectionId, nameof(ReportReadinessAsync), TimeSpan.Zero, (lesson, who) =>
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
        CommandAsync(lessonId, connectionId, nameof(ReportReceptionAsync), TimeSpan.Zero, (lesson, who) =>
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

    public async Task<CommandReply> SayAsync(Guid lessonId, string connectionId, string text)
    {
        (LessonRefusal? refusal, string seat, string author) = await AskAsync(
            lessonId,
            (_, lesson) => Task.FromResult(!lesson.Connections.TryGetValue(connectionId, out Attendee? who)
                ? (LessonRefusal.UnknownLesson, "", "")
                : (CheckLine(lesson, who, text), who.Seating.SeatId ?? "", AuthorOf(lesson, who))),
            why => (why, "", ""));
        if (refusal is not null)
        {
            return new CommandReply(refusal);
        }

        DateTimeOffset now = clock.GetUtcNow();
        Task<long> storing = Task.Run(() => store.AddChatAsync(lessonId, seat, author, text.Trim(), now));
        _ = storing.ContinueWith(
            stored => director.PostIfKnown(lessonId, (_, lesson) =>
            {
                var line = new ChatLine(stored.Result, seat, author, text.Trim(), now);
                lesson.Chat.Add(line);
                return audience.TellAsync(lessonId, line);
            }), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        return new CommandReply(await IsInForceAsync(storing, LongestWait) ? null : LessonRefusal.Busy);
    }

    /// <inheritdoc />
    public async Task<TimetableRefusal?> CancelAsync(Guid lessonId, string reason, Guid? accountId)
    {
        (LessonRefusal? refusal, Task<bool> stored) = await AskAsync(
            lessonId,
            async (line, lesson) => (lesson.Machine.OnCancel(reason, clock.GetUtcNow(), accountId), await line.SettleAsync()),
            why => (why, Task.FromResult(true)));
        return refusal switch
        {
            LessonRefusal.UnknownLesson => TimetableRefusal.UnknownLesson,
            LessonRefusal.Busy => TimetableRefusal.Busy,
            not null => TimetableRefusal.TooLate,
            null => await IsInForceAsync(stored, LongestWait) ? null : TimetableRefusal.Busy,
        };
    }

    private Task<CommandReply> CommandAsync(Guid lessonId, string connectionId, string command, Func<LiveLesson, Attendee, LessonRefusal?> decide) =>
        CommandAsync(lessonId, connectionId, command, LongestWait, decide);

    /// <param name="wait">How long the answer waits for the command to be in force; zero: it does not.</param>
    private async Task<CommandReply> CommandAsync(
        Guid lessonId, string connectionId, string command, TimeSpan wait, Func<LiveLesson, Attendee, LessonRefusal?> decide)
    {
        (LessonRefusal? refusal, Task<bool> stored) = await AskAsync(lessonId, async (line, lesson) =>
        {
            if (!lesson.Connections.TryGetValue(connectionId, out Attendee? who))
            {
                return (LessonRefusal.UnknownLesson, Task.FromResult(true));
            }

            LessonRefusal? refusal = decide(lesson, who);
            if (refusal is { } why)
            {
                log.Refused(lessonId, command, who.Seating.SeatId, why);
            }

            return (refusal, await line.SettleAsync());
        }, why => (why, Task.FromResult(true)));
        return new CommandReply(refusal ?? (wait == TimeSpan.Zero || await IsInForceAsync(stored, wait) ? null : LessonRefusal.Busy));
    }

    /// <summary>Asks on the lesson's line. A database that cannot be read just now is a refusal, not a fault.</summary>
    private async Task<T> AskAsync<T>(Guid lessonId, Func<LessonLine, LiveLesson, Task<T>> work, Func<LessonRefusal?, T> refuse)
    {
        try
        {
            return await director.AskAsync(lessonId, async (line, lesson) => lesson is null ? refuse(LessonRefusal.UnknownLesson) : await work(line, lesson));
        }
        catch (Exception fault) when (fault is DbException or DbUpdateException or TimeoutException)
        {
            return refuse(LessonRefusal.Busy);
        }
    }

    /// <returns>False: not within the time, or something else came first.</returns>
    private static async Task<bool> IsInForceAsync(Task stored, TimeSpan wait)
    {
        try
        {
            await stored.WaitAsync(wait);
            return stored is not Task<bool> { Result: false };
        }
        catch (Exception fault) when (fault is DbException or DbUpdateException or TimeoutException)
        {
            return false;
        }
    }

    private static string AuthorOf(LiveLesson lesson, Attendee who) => who.Caller.Person?.DisplayName
        ?? lesson.Occurrence.Participations.SingleOrDefault(p => p.SeatId == who.Seating.SeatId)?.Classroom.Name ?? "";

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
        Queue<DateTimeOffset> said = _lines.GetOrAdd(author, _ => []);
        lock (said)
        {
            return SaidTooOften(said, now) ? LessonRefusal.TooOften : null;
        }
    }

    private bool SaidTooOften(Queue<DateTimeOffset> said, DateTimeOffset now)
    {
        while (said.TryPeek(out DateTimeOffset oldest) && now - oldest >= TimeSpan.FromMinutes(1))
        {
            said.Dequeue();
        }

        if (said.Count >= options.ChatLinesPerMinute)
        {
            return true;
        }

        said.Enqueue(now);
        return false;
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
