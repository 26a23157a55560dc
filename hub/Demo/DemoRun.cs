using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Seeding;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Demo;

/// <summary>
/// The demo, told on the console: plans a lesson, enrols three agents, then only looks on and says what the hub wrote down, step by step.
/// What it does itself is to give a classroom the floor for a while, as a lecturer would, and to open that room's microphone, as the room would.
/// </summary>
internal sealed class DemoRun(DemoOptions demo, IServiceScopeFactory scopes, IHostApplicationLifetime host, DemoText text, LessonDesk desk)
    : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Between a verdict and the next lesson's planning: rooms are free for a lesson of the visitor's own.</summary>
    private static readonly TimeSpan UntilNext = TimeSpan.FromMinutes(3);

    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;

    private Dictionary<string, string> _rooms = [];

    /// <summary>The last one that was planned.</summary>
    private Occurrence? _lesson;

    /// <summary>0 when the lesson was judged valid with both classrooms.</summary>
    public int ExitCode { get; private set; } = 1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = host.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var agents = new DemoAgents(demo);
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        Console.WriteLine($"\n{text["Title"]}\n");
        Tell(text["Serving", demo.HubAddress]);
        ShowAccounts();
        ExitCode = await TeachAsync(agents, scope.ServiceProvider, null, stoppingToken) is null ? 0 : 1;
        if (demo.Once)
        {
            host.StopApplication();
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            Tell(text["Next", Seconds(UntilNext)]);
            await Task.Delay(UntilNext, stoppingToken);
            await using AsyncServiceScope again = scopes.CreateAsyncScope();
            await TeachAsync(agents, again.ServiceProvider, _lesson, stoppingToken);
        }
    }

    /// <summary>One lesson from its planning to its verdict, told as it goes; what goes wrong is told too.</summary>
    /// <param name="like">An earlier lesson, whose agents run; null: the first one.</param>
    /// <returns>What went wrong; null: nothing.</returns>
    private async Task<string?> TeachAsync(DemoAgents agents, IServiceProvider services, Occurrence? like, CancellationToken stop)
    {
        string? fault = await TeachOnceAsync(agents, services, like, stop);
        if (fault is not null)
        {
            Tell(text["Failed", fault]);
        }

        return fault;
    }

    private async Task<string?> TeachOnceAsync(DemoAgents agents, IServiceProvider services, Occurrence? like, CancellationToken stop)
    {
        DemoLesson planning = services.GetRequiredService<DemoLesson>();
        if (await planning.PlanAsync(like, stop) is not { } lesson)
        {
            return text["NoRoom"];
        }

        _lesson = lesson;

        _rooms = lesson.Participations.ToDictionary(p => p.SeatId, p => $"{p.Classroom.School.Name} {p.Classroom.Name}");
        string receiving = string.Join("、", lesson.Participations.Where(p => p.Role == SeatRole.Receiving).Select(p => _rooms[p.SeatId]));
        Tell(text["Planned", lesson.Subject, lesson.Topic, lesson.Lecturer.Name, _rooms["host"], receiving,
            Seconds(lesson.StartsAt - DateTimeOffset.UtcNow), Seconds(lesson.EndsAt - lesson.StartsAt)]);
        if (!demo.Once)
        {
            Tell(text["Record", demo.HubAddress, lesson.Id].Trim());
        }

        return (like is null ? await EnrolAsync(agents, planning, lesson, stop) : null)
            ?? await FollowAsync(agents, lesson, services.GetRequiredService<HubDbContext>(), stop);
    }

    private async Task<string?> EnrolAsync(DemoAgents agents, DemoLesson planning, Occurrence lesson, CancellationToken stop)
    {
        var codes = new List<(Participation Seat, string Code)>();
        foreach (Participation seat in lesson.Participations)
        {
            codes.Add((seat, await planning.CodeAsync(seat, stop)));
        }

        string?[] faults = await Task.WhenAll(codes.Select(async pair =>
        {
            (Participation seat, string code) = pair;
            string film = seat.SeatId switch { "host" => "lecture.mkv", "r1" => "class-a.mkv", _ => "class-b.mkv" };
            DeviceRole role = seat.Role == SeatRole.Host ? DeviceRole.Main : DeviceRole.Receiving;
            bool enrolled = await agents.StartAsync(seat.SeatId, role, code, Path.Combine(AppContext.BaseDirectory, "config", "demo-media", film), stop);
            string said = text[enrolled ? "Enrolled" : "EnrolFailed", _rooms[seat.SeatId], agents.LogOf(seat.SeatId)];
            Tell(said);
            return enrolled ? null : said;
        }));
        return faults.FirstOrDefault(f => f is not null);
    }

    private async Task<string?> FollowAsync(DemoAgents agents, Occurrence lesson, HubDbContext db, CancellationToken stop)
    {
        long told = 0;
        DateTimeOffset deadline = lesson.EndsAt + Patience;
        DateTimeOffset? floorFrom = null, floorTo = null;
        while (DateTimeOffset.UtcNow < deadline)
        {
            List<LessonEvent> news = await db.Set<LessonEvent>().AsNoTracking()
                .Where(e => e.LessonId == lesson.Id && e.Sequence > told).OrderBy(e => e.Sequence).ToListAsync(stop);
            foreach (LessonEvent fact in news)
            {
                told = fact.Sequence;
                if (Line(fact) is { } line)
                {
                    Tell(line, fact.At);
                }

                if (fact.Kind == LessonFactKind.Started)
                {
                    (floorFrom, floorTo) = (fact.At + TimeSpan.FromSeconds(20), fact.At + TimeSpan.FromSeconds(40));
                }

                if (fact.Kind is LessonFactKind.Judged or LessonFactKind.Missed)
                {
                    string? verdict = await TellVerdictAsync(lesson, db, stop);
                    if (verdict != "")
                    {
                        return verdict;
                    }
                }
            }

            (floorFrom, floorTo) = await PlayFloorAsync(agents, lesson, floorFrom, floorTo, stop);
            await Task.Delay(200, stop);
        }

        return text["TimedOut"];
    }

    /// <summary>As lecturer and classroom would: the first classroom opens its microphone and has the floor for twenty seconds.</summary>
    private async Task<(DateTimeOffset? From, DateTimeOffset? To)> PlayFloorAsync(
        DemoAgents agents, Occurrence lesson, DateTimeOffset? from, DateTimeOffset? to, CancellationToken stop)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (from < now)
        {
            await agents.TellAsync("r1", "unmute", stop);
            await AsLecturerAsync(lesson, me => desk.GrantFloorAsync(lesson.Id, me, "r1"));
            return (null, to);
        }

        if (from is null && to < now)
        {
            await AsLecturerAsync(lesson, me => desk.TakeFloorAsync(lesson.Id, me));
            await agents.TellAsync("r1", "mute", stop);
            return (null, null);
        }

        return (from, to);
    }

    private async Task AsLecturerAsync(Occurrence lesson, Func<string, Task<CommandReply>> act)
    {
        var lecturer = new Caller(lesson.Lecturer.AccountId!.Value, "demo", lesson.Lecturer.Name, lesson.Lecturer.SchoolId, new HashSet<string> { Roles.Teacher });
        await desk.JoinAsync(lesson.Id, new LessonCaller(lecturer, null), nameof(DemoRun));
        await act(nameof(DemoRun));
        desk.Leave(lesson.Id, nameof(DemoRun));
    }

    private string? Line(LessonEvent fact)
    {
        string room = fact.SeatId is { } seat ? _rooms.GetValueOrDefault(seat, seat) : "";
        return fact.Kind switch
        {
            LessonFactKind.FirstPicture => text["FirstPicture", room, fact.Number],
            LessonFactKind.StreamUp => text["StreamUp", _rooms.GetValueOrDefault(StreamIds.SeatOf(fact.Text ?? ""), fact.Text ?? "")],
            LessonFactKind.Opened or LessonFactKind.SeatJoined or LessonFactKind.SeatLeft or LessonFactKind.Started or LessonFactKind.HandRaised
                or LessonFactKind.FloorGranted or LessonFactKind.FloorTaken or LessonFactKind.Muted or LessonFactKind.Unmuted or LessonFactKind.Interrupted or LessonFactKind.Resumed
                or LessonFactKind.Ended or LessonFactKind.Missed => text[fact.Kind.ToString(), room],
            _ => null,
        };
    }

    /// <returns>Null: valid with both classrooms; empty: not final yet; else what is wrong.</returns>
    private async Task<string?> TellVerdictAsync(Occurrence lesson, HubDbContext db, CancellationToken stop)
    {
        StoredJudgement? judgement = await db.Set<StoredJudgement>().AsNoTracking()
            .Where(j => j.OccurrenceId == lesson.Id).OrderByDescending(j => j.Revision).FirstOrDefaultAsync(stop);
        if (judgement is null || judgement.Status == JudgementStatus.Undetermined)
        {
            return "";
        }

        Verdict verdict = LessonJudge.VerdictOf(judgement);
        object[] numbers = [Seconds(verdict.Effective), Seconds(verdict.Planned), Seconds(verdict.ByHub), Seconds(verdict.ByAgents)];
        Tell(verdict.Status == JudgementStatus.Valid ? text["JudgedValid", numbers] : text["JudgedOther", [verdict.Status, .. numbers]]);
        foreach (ReceiverVerdict receiver in verdict.Receivers)
        {
            Tell(text["Receiver", receiver.Room, Seconds(receiver.Effective), text[receiver.Valid ? "Valid" : "NotValid"]]);
        }

        foreach (LedgerEntry row in await db.Set<LedgerEntry>().AsNoTracking().Include(e => e.Teacher).Where(e => e.JudgementId == judgement.Id).ToListAsync(stop))
        {
            Tell(text["Credited", row.Teacher.Name, text[row.Role.ToString()], row.Units, row.Ratio, row.Hours]);
        }

        return verdict.Status == JudgementStatus.Valid && verdict.Receivers.All(r => r.Valid) ? null : text["NotAllValid"];
    }

    /// <summary>Where to go and who to be, before the first lesson: it lasts minutes.</summary>
    private void ShowAccounts()
    {
        if (demo.Once)
        {
            return;
        }

        CountyFile county = CountyFile.Read(Path.Combine(AppContext.BaseDirectory, "config", "demo-county.json"));
        Console.WriteLine();
        Console.WriteLine(text["Addresses"]);
        Console.WriteLine(text["Board", demo.HubAddress]);
        Console.WriteLine();
        Console.WriteLine(text["Accounts", county.Accounts.First(a => a.Password is not null).Password]);
        foreach (AccountRow account in county.Accounts.Where(a => a.Password is not null))
        {
            Console.WriteLine(text["Account", account.Login, account.Name, account.Role]);
        }

        Console.WriteLine();
        Console.WriteLine(text["Stop"]);
        Console.WriteLine();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);

    private void Tell(string line, DateTimeOffset? at = null) =>
        Console.WriteLine($"[{(at ?? DateTimeOffset.UtcNow) - _began:mm\\:ss\\.f}] {line}");
}
