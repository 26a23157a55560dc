using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Lessons;

/// <summary>What devices hand in becomes the lesson's evidence, once, whenever it arrives.</summary>
public sealed class DeviceEvidenceTests
{
    [Fact]
    public async Task ToldLiveAndHandedInTwice_CountsOnce()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        LessonScene.Client main = await scene.MainDeviceAsync(), town = await scene.TownDeviceAsync();
        await main.JoinAsync();
        await town.JoinAsync();
        scene.Publishes(StreamIds.HostCamera);
        scene.To(TimeSpan.Zero);
        await scene.ReachesAsync(LessonPhase.Live);
        scene.To(TimeSpan.FromSeconds(10));
        var chain = new RecordChain();
        chain.Add(RecordTypes.Reception, scene.Reception("r1", 0, 5), scene.Host.Time.Now);
        chain.Add(RecordTypes.Reception, scene.Reception("r1", 5, 10), scene.Host.Time.Now);
        Assert.Null(await town.DoAsync(LessonHubNames.ReportReception, (object)new[] { scene.Report(0, 5), scene.Report(5, 10) }));
        string token = await scene.TownTokenAsync();
        await scene.HandInAsync(token, chain);
        await scene.HandInAsync(token, chain);
        List<EvidenceInterval> evidence = await EvidenceAsync(scene);
        Assert.Equal(TimeSpan.FromSeconds(10), TimeSpan.FromTicks(evidence.Where(e => e.Source == EvidenceSource.Agent).Sum(e => (e.To - e.From).Ticks)));
    }

    [Fact]
    public async Task LessonJudgedWithoutARoom_IsJudgedAgain_WhenItHandsInItsMorning()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        await TaughtAsync(scene);
        StoredJudgement before = await JudgementAsync(scene, 1);
        Assert.Equal(JudgementStatus.Undetermined, before.Status);

        // Twenty minutes later the town's line is mended; its clock was four seconds behind all morning, and it never knew.
        scene.Host.Time.Advance(TimeSpan.FromMinutes(20));
        RecordChain unknown = new();
        for (int second = 0; second < 90; second += 5)
        {
            ReceptionRecord said = scene.Reception("r1", second, second + 5);
            said = said with { Report = said.Report with { From = said.Report.From.AddSeconds(-4), To = said.Report.To.AddSeconds(-4) } };
            unknown.Add(RecordTypes.Reception, said, said.Report.To, monoMs: (second + 5) * 1000L, offsetMs: null, errorMs: null, historical: true);
        }

        unknown.Add(RecordTypes.Attendance, new AttendanceRecord(scene.LessonId, "r1", AttendanceChange.CutOff, scene.Bell.AddSeconds(-4)), scene.Bell.AddSeconds(-4), offsetMs: null, errorMs: null, historical: true);
        DateTimeOffset sent = scene.Host.Time.Now.AddSeconds(-4);
        using HttpClient client = scene.Host.Anonymous();
        var batch = new StreamBatch(sent, (long)(sent - scene.Bell.AddSeconds(-4)).TotalMilliseconds, RecordChain.Boot, 4000, 30, unknown.Records, []);
        await Devices.Inbox.InboxScene.HandInAsync(client, await scene.TownTokenAsync(), unknown, batch);
        StoredJudgement after = await JudgementAsync(scene, 2);
        Assert.Equal((JudgementStatus.Valid, TimeSpan.FromSeconds(90)), (after.Status, after.EffectiveByAgents));
        Assert.Equal(JudgementStatus.Undetermined, (await JudgementAsync(scene, 1)).Status);
        Assert.Contains(
            await scene.DbAsync(db => db.Set<AuditEntry>().Where(a => a.Subject == scene.LessonId.ToString()).ToListAsync()),
            a => a.Action == AuditAction.RejudgedLesson && a.Detail == "1 Undetermined > 2 Valid");
        SeatReport report = await scene.DbAsync(db => db.Set<SeatReport>().SingleAsync());
        Assert.Equal((SeatReportKind.CutOff, scene.Bell, true), (report.Kind, report.At, report.Late));
    }

    [Fact]
    public async Task SameMorning_InAnyOrder_GivesTheSameJudgement()
    {
        var verdicts = new List<string>();
        for (int seed = 0; seed < 3; seed++)
        {
            await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
            await TaughtAsync(scene);
            await JudgementAsync(scene, 1);
            RecordChain atTown = new(), atPoint = new();
            for (int second = 0; second < 90; second += 5)
            {
                atTown.Add(RecordTypes.Reception, scene.Reception("r1", second, second + 5, black: second is 30 or 35), scene.Host.Time.Now);
                atPoint.Add(RecordTypes.Reception, scene.Reception("r2", second, second + 5, black: second == 60), scene.Host.Time.Now);
            }

            (string town, string point) = (await scene.TownTokenAsync(), await scene.PointTokenAsync());
            using HttpClient client = scene.Host.Anonymous();
            var pieces = atTown.Records.Chunk(4).Select(p => (town, atTown, p)).Concat(atPoint.Records.Chunk(5).Select(p => (point, atPoint, p))).ToArray();
            new Random(seed).Shuffle(pieces);
            foreach ((string token, RecordChain chain, StreamRecord[] piece) in pieces)
            {
                await Devices.Inbox.InboxScene.HandInAsync(client, token, chain, piece);
            }

            Verdict verdict = LessonJudge.VerdictOf(await JudgementAsync(scene, 2));
            verdicts.Add($"{verdict.Status} {verdict.Effective} {verdict.ByAgents} {verdict.Hours} {string.Join(';', verdict.Receivers.Select(r => r.Effective))}");
        }

        Assert.Single(verdicts.Distinct());
        Assert.StartsWith("Valid", verdicts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyReachedTheHub_ButTheRoomRecorded_IsNotMissed()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        scene.To(TimeSpan.FromSeconds(-1));
        await scene.ReachesAsync(LessonPhase.Ready);
        scene.To(TimeSpan.FromMinutes(10));
        await scene.ReachesAsync(LessonPhase.Missed);
        Assert.Equal(JudgementStatus.Missed, (await JudgementAsync(scene, 1)).Status);

        var chain = new RecordChain();
        chain.Add(RecordTypes.Attendance, new AttendanceRecord(scene.LessonId, "host", AttendanceChange.Attends, scene.Bell), scene.Bell);
        for (int second = 0; second < 80; second += 20)
        {
            DateTimeOffset from = scene.Bell.AddSeconds(second);
            chain.Add(RecordTypes.Recording, new RecordingRecord(scene.LessonId, "host", from, from.AddSeconds(20), Linked: false), from.AddSeconds(20), historical: true);
        }

        await scene.HandInAsync(await scene.MainTokenAsync(), chain);
        StoredJudgement awaited = await JudgementAsync(scene, 2);
        Assert.Equal(JudgementStatus.Undetermined, awaited.Status);
        Assert.Contains(LessonJudge.VerdictOf(awaited).Reasons, r => r is { Code: "hostAlone", Arguments: ["00:01:20"] });

        scene.Host.Time.Advance(scene.Host.Services.GetService(typeof(CreditPolicy)) is CreditPolicy policy ? policy.LateEvidenceWindow : TimeSpan.Zero);
        StoredJudgement open = await JudgementAsync(scene, 3);
        Assert.Equal((JudgementStatus.Undetermined, true), (open.Status, open.NeedsDecision));
    }

    [Fact]
    public async Task RoomThatNobodyServed_WhileTheLecturerSendsAPacketASecond_IsNoLesson()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        LessonScene.Client main = await scene.MainDeviceAsync();
        await main.JoinAsync();
        scene.Publishes(StreamIds.HostCamera);
        scene.To(TimeSpan.Zero);
        await scene.ReachesAsync(LessonPhase.Live);
        scene.Trickles(0, 90, (string?)null);
        scene.To(TimeSpan.FromSeconds(90));
        await scene.ReachesAsync(LessonPhase.Ended);
        RecordChain claims = Reception(scene, "r1", black: false);
        await scene.HandInAsync(await scene.TownTokenAsync(), claims);
        scene.To(TimeSpan.FromSeconds(100));

        StoredJudgement judgement = await JudgementAsync(scene, 1);
        Assert.Equal((JudgementStatus.Undetermined, true, TimeSpan.Zero), (judgement.Status, judgement.NeedsDecision, judgement.Effective));
        Assert.Contains(LessonJudge.VerdictOf(judgement).Reasons, r => r is { Code: "claimUnserved", Arguments: [_, "00:01:30"] });
        Assert.Empty(await scene.DbAsync(db => db.Set<LedgerEntry>().Where(e => e.OccurrenceId == scene.LessonId).ToListAsync()));
    }

    [Fact]
    public async Task NewEpochOfTheSameDevice_DoesNotTurnItsBlackIntoGood()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        await TaughtAsync(scene);
        await JudgementAsync(scene, 1);
        await scene.HandInAsync(await scene.TownTokenAsync(), Reception(scene, "r1", black: true));
        await scene.HandInAsync(await scene.TownTokenAsync(), Reception(scene, "r1", black: false));
        await scene.HandInAsync(await scene.PointTokenAsync(), Reception(scene, "r2", black: true));

        StoredJudgement judgement = await LatestAsync(scene, j => j.Status == JudgementStatus.Invalid);
        Assert.Equal((TimeSpan.Zero, false), (judgement.Effective, judgement.NeedsDecision));
    }

    [Fact]
    public async Task HubsOwnEvidenceOfTheLecturerLost_TheRoomsProveTheLesson()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        LessonScene.Client main = await scene.MainDeviceAsync();
        await main.JoinAsync();
        scene.Publishes(StreamIds.HostCamera);
        scene.To(TimeSpan.Zero);
        await scene.ReachesAsync(LessonPhase.Live);
        scene.Flows(0, 90, "r1");
        scene.To(TimeSpan.FromSeconds(90));
        await scene.ReachesAsync(LessonPhase.Ended);
        await scene.HandInAsync(await scene.TownTokenAsync(), Reception(scene, "r1", black: false));
        scene.To(TimeSpan.FromSeconds(100));

        StoredJudgement judgement = await LatestAsync(scene, j => j.Status == JudgementStatus.Valid);
        Assert.Equal(TimeSpan.FromSeconds(90), judgement.Effective);
    }

    [Fact]
    public async Task LateBlackOfOneRoom_TakesBackItsAssistantsHours_AndNobodyElses()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        LessonScene.Client main = await scene.MainDeviceAsync();
        await main.JoinAsync();
        scene.Publishes(StreamIds.HostCamera);
        scene.To(TimeSpan.Zero);
        await scene.ReachesAsync(LessonPhase.Live);
        scene.Flows(0, 90, null, "r1", "r2");
        scene.To(TimeSpan.FromSeconds(90));
        await scene.ReachesAsync(LessonPhase.Ended);
        scene.To(TimeSpan.FromSeconds(100));
        await LatestAsync(scene, j => j.Status == JudgementStatus.Valid);
        Assert.Equal(3, (await EntriesAsync(scene)).Count);

        await scene.HandInAsync(await scene.PointTokenAsync(), Reception(scene, "r2", black: true));
        await LatestAsync(scene, j => LessonJudge.VerdictOf(j).Receivers.Any(r => r is { SeatId: "r2", Valid: false }));
        List<LedgerEntry> entries = await EntriesAsync(scene);
        LedgerEntry reversal = entries.Single(e => e.Kind == LedgerKind.Reversal), taken = entries.Single(e => e.Id == reversal.ReversesId);
        Assert.Equal((4, CreditRole.Assistant, 0m), (entries.Count, taken.Role, taken.Hours + reversal.Hours));
        Assert.Equal(2.50m, entries.Sum(e => e.Hours));
    }

    private static Task<List<LedgerEntry>> EntriesAsync(LessonScene scene) =>
        scene.DbAsync(db => db.Set<LedgerEntry>().AsNoTracking().Where(e => e.OccurrenceId == scene.LessonId).ToListAsync());

    private static RecordChain Reception(LessonScene scene, string seat, bool black)
    {
        var chain = new RecordChain();
        for (int second = 0; second < 90; second += 5)
        {
            chain.Add(RecordTypes.Reception, scene.Reception(seat, second, second + 5, black), scene.Host.Time.Now);
        }

        return chain;
    }

    private static async Task<StoredJudgement> LatestAsync(LessonScene scene, Func<StoredJudgement, bool> condition)
    {
        StoredJudgement? found = null;
        await LessonScene.EventuallyAsync(
            async () =>
            {
                scene.Host.Time.Advance(TimeSpan.FromMilliseconds(100));
                found = await scene.DbAsync(db => db.Set<StoredJudgement>().AsNoTracking().Where(j => j.OccurrenceId == scene.LessonId).OrderByDescending(j => j.Revision).FirstOrDefaultAsync());
                return found is not null && condition(found);
            },
            "the judgement that is expected");
        return found!;
    }

    [Fact]
    public async Task RecordsAboutOthers_OrOfNoTime_OrTooLate_AreKeptAndDoNotCount()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        await TaughtAsync(scene);
        var chain = new RecordChain();
        DateTimeOffset now = scene.Host.Time.Now;
        chain.Add(RecordTypes.Reception, scene.Reception("r2", 0, 5), now);
        chain.Add(RecordTypes.Reception, scene.Reception("host", 0, 5), now);
        chain.Add(RecordTypes.Reception, scene.Reception("r1", 0, 5) with { LessonId = Guid.NewGuid() }, now);
        chain.Add(RecordTypes.Reception, scene.Reception("r1", 0, 86_400), now);
        chain.Add(RecordTypes.Reception, 1, now);
        chain.Add(RecordTypes.Recording, new RecordingRecord(scene.LessonId, "r1", now.AddDays(-1), now, false), now);
        chain.Add("newer-than-this-hub", 1, now);
        await scene.HandInAsync(await scene.TownTokenAsync(), chain);
        scene.Host.Time.Advance(scene.Host.Services.GetService(typeof(CreditPolicy)) is CreditPolicy policy ? policy.LateEvidenceWindow : TimeSpan.Zero);
        chain.Add(RecordTypes.Reception, scene.Reception("r1", 0, 5), now);
        Assert.Equal(8, (await scene.HandInAsync(await scene.TownTokenAsync(), chain)).Through);
        Assert.DoesNotContain(await EvidenceAsync(scene), e => e.Source == EvidenceSource.Agent);
        Assert.Equal(
            [
                InboxOutcome.NotItsSeat, InboxOutcome.NotItsSeat, InboxOutcome.NotItsSeat, InboxOutcome.Implausible, InboxOutcome.Implausible, InboxOutcome.Implausible, InboxOutcome.Kept,
                InboxOutcome.TooLate,
            ],
            await scene.DbAsync(db => db.Set<InboxRecord>().OrderBy(r => r.Sequence).Select(r => r.Outcome).ToListAsync()));
    }

    /// <summary>A lesson that the hub saw, with the town's room and the point's room silent: judged once, awaiting them.</summary>
    private static async Task TaughtAsync(LessonScene scene)
    {
        LessonScene.Client main = await scene.MainDeviceAsync();
        await main.JoinAsync();
        scene.Publishes(StreamIds.HostCamera);
        scene.To(TimeSpan.Zero);
        await scene.ReachesAsync(LessonPhase.Live);
        scene.Flows(0, 90, (string?)null);
        scene.FlowsPoorly(0, 90, "r1", "r2");
        scene.To(TimeSpan.FromSeconds(75));
        await LessonScene.EventuallyAsync(
            async () =>
            {
                scene.Host.Time.Advance(TimeSpan.FromMilliseconds(50)); // what comes is stored every few seconds
                return (await EvidenceAsync(scene)).Any(e => e.To >= scene.Bell.AddSeconds(89));
            },
            "the hub's own evidence");
        scene.To(TimeSpan.FromSeconds(90));
        await scene.ReachesAsync(LessonPhase.Ended);
        scene.To(TimeSpan.FromSeconds(100));
        await scene.ReachesAsync(LessonPhase.Judged);
    }

    private static async Task<StoredJudgement> JudgementAsync(LessonScene scene, int revision)
    {
        StoredJudgement? found = null;
        await LessonScene.EventuallyAsync(
            async () =>
            {
                scene.Host.Time.Advance(TimeSpan.FromMilliseconds(100)); // the hub gathers for a moment before it judges again
                found = await scene.DbAsync(db => db.Set<StoredJudgement>().AsNoTracking().SingleOrDefaultAsync(j => j.OccurrenceId == scene.LessonId && j.Revision == revision));
                return found is not null;
            },
            $"judgement {revision}");
        return found!;
    }

    private static Task<List<EvidenceInterval>> EvidenceAsync(LessonScene scene) =>
        scene.DbAsync(db => db.Set<EvidenceInterval>().AsNoTracking().Where(e => e.LessonId == scene.LessonId).ToListAsync());
}
