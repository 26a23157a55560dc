using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Seeding;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>The county office in a story: plans lessons and gives out codes in the running hub's own database, and reads what it wrote down.</summary>
internal sealed class CountyDesk(HubProcess hub)
{
    public const string Password = "Qingchuan2026";
    public const string Lecturer = "wangxiulan";

    private const string HostSchool = "清川县城关实验小学";

    private static readonly (string School, string Room)[] Receiving = [("白杨镇中心小学", "音乐教室"), ("沙河乡红柳小学", "同步教室"), ("石门镇黑山岭教学点", "复式教室")];

    private static readonly Guid HostRoom = CountySeeder.RoomId(HostSchool, "录播教室二");

    /// <summary>A dedicated lesson of Wang Xiulan's with the first <paramref name="receivers"/> of three receiving rooms.</summary>
    /// <param name="period">What one period is under the hub's policy; the lesson lasts this long.</param>
    public async Task<Guid> PlanAsync(TimeSpan inBell, TimeSpan period, bool byTimetable = false, int receivers = 2)
    {
        await using HubDbContext db = Open();
        DateTimeOffset bell = DateTimeOffset.UtcNow + inBell;
        var planner = new TimetablePlanner(db, new TimetableNews(), new AuditTrail(db, TimeProvider.System, new HttpContextAccessor()), TimeProvider.System, NullLogger<TimetablePlanner>.Instance);
        Guid lecturer = CountySeeder.TeacherId(HostSchool, "王秀兰");
        var wanted = new NewOccurrence(
            LessonMode.Dedicated, "英语", "Unit 4 My home", Hub.Schools.Stage.Primary, lecturer, HostRoom,
            [.. Receiving.Take(receivers).Select(r => new NewReceiver(CountySeeder.RoomId(r.School, r.Room)))], bell, bell + period, TimeSpan.FromSeconds(30))
        {
            StartsByTimetable = byTimetable,
        };
        Result<Occurrence, TimetableRefusal> planned = await planner.CreateAsync(wanted);
        return planned.IsOk ? planned.Value.Id : throw new InvalidOperationException($"The lesson was refused: {planned.Refusal}");
    }

    /// <param name="receiver">0 to 2; null: the host's room.</param>
    public async Task<string> CodeAsync(int? receiver)
    {
        await using HubDbContext db = Open();
        var (http, options) = (new HttpContextAccessor(), new DevicesOptions());
        var codes = new EnrolmentCodes(
            db, new AuditTrail(db, TimeProvider.System, http), new CodeTries(options), http, options, TimeProvider.System, NullLogger<EnrolmentCodes>.Instance);
        Guid room = receiver is { } index ? CountySeeder.RoomId(Receiving[index].School, Receiving[index].Room) : HostRoom;
        return (await codes.IssueAsync(room, receiver is null ? DeviceRole.Main : DeviceRole.Receiving, null, default)).Code;
    }

    public async Task<AgentProcess> ReceivingAgentAsync(int index, string source = "test", params string[] more) =>
        await AgentProcess.StartAsync(hub.Address, await CodeAsync(index), DeviceRole.Receiving, source, more);

    public async Task<AgentProcess> MainAgentAsync(string source = "test", params string[] more) =>
        await AgentProcess.StartAsync(hub.Address, await CodeAsync(null), DeviceRole.Main, source, more);

    public async Task<List<LessonEvent>> FactsAsync(Guid lesson)
    {
        await using HubDbContext db = Open();
        return await db.Set<LessonEvent>().AsNoTracking().Where(e => e.LessonId == lesson).OrderBy(e => e.Sequence).ToListAsync();
    }

    public async Task<DateTimeOffset> BellAsync(Guid lesson)
    {
        await using HubDbContext db = Open();
        return (await db.Set<Occurrence>().AsNoTracking().SingleAsync(o => o.Id == lesson)).StartsAt;
    }

    public async Task<bool> HasAsync(Guid lesson, LessonFactKind kind, string? seat = null) =>
        (await FactsAsync(lesson)).Exists(f => f.Kind == kind && (seat is null || f.SeatId == seat));

    /// <summary>Waits until a fact was written down.</summary>
    public async Task<TimeSpan> FactAsync(Guid lesson, LessonFactKind kind, TimeSpan within, string? seat = null, int times = 1) =>
        await Eventually.IsTrueAsync(
            async () => (await FactsAsync(lesson)).Count(f => f.Kind == kind && (seat is null || f.SeatId == seat)) >= times,
            within, () => $"no {kind} of {seat ?? "the lesson"}\n{hub.Process.Tail()}");

    /// <summary>The judgement in force; null while there is none.</summary>
    public async Task<(StoredJudgement Judgement, Verdict Verdict, List<LedgerEntry> Ledger)?> JudgementAsync(Guid lesson)
    {
        await using HubDbContext db = Open();
        StoredJudgement? judgement = await db.Set<StoredJudgement>().AsNoTracking().Where(j => j.OccurrenceId == lesson).OrderByDescending(j => j.Revision).FirstOrDefaultAsync();
        return judgement is null
            ? null
            : (judgement, LessonJudge.VerdictOf(judgement), await db.Set<LedgerEntry>().AsNoTracking().Where(e => e.OccurrenceId == lesson).ToListAsync());
    }

    public SqliteHubDbContext Open() => new(
        (DbContextOptions<SqliteHubDbContext>)new DbContextOptionsBuilder<SqliteHubDbContext>()
            .UseHubSqlite(Path.Combine(hub.Folder, "hub.db"), TimeSpan.FromSeconds(10)).Options);
}
