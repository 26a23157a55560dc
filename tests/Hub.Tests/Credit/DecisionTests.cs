using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Tests.Hosting;
using ThreeClassrooms.Hub.Tests.Lessons;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Credit;

/// <summary>A hub that was down makes no lecturer guilty; a county administrator decides, once and for all to see.</summary>
public sealed class DecisionTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "hub-decision-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task HubDownOverALesson_LeavesItUndetermined_UntilAnAdministratorDecides()
    {
        await using LessonScene scene = await DownOverTheLessonAsync();
        StoredJudgement open = await JudgementAsync(scene, 1);
        Assert.Equal((JudgementStatus.Undetermined, true), (open.Status, open.NeedsDecision));
        Assert.Contains(LessonJudge.VerdictOf(open).Reasons, r => r.Code == "hubOutage");

        using HttpClient admin = await scene.Host.SignedInAsync(Roles.CountyAdmin);
        IHtmlDocument ledger = await PageAsync(admin, "/credit");
        Assert.NotNull(ledger.QuerySelector($"#to-decide a[href='/lessons/{scene.LessonId}/record']"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(admin, scene.LessonId, "Valid", "")); // asked for the reason
        Assert.Equal(HttpStatusCode.Found, await PostAsync(admin, scene.LessonId, "Valid", "录像已核对", "r1"));

        StoredJudgement decided = await JudgementAsync(scene, 2);
        Assert.Equal((JudgementStatus.Valid, false), (decided.Status, decided.NeedsDecision));
        List<LedgerEntry> entries = await scene.DbAsync(db => db.Set<LedgerEntry>().Where(e => e.OccurrenceId == scene.LessonId).OrderBy(e => e.Role).ToListAsync());
        Assert.Equal([(CreditRole.Lecturer, 1.50m), (CreditRole.Assistant, 1.00m)], entries.OrderBy(e => e.Role).Select(e => (e.Role, e.Hours)));
        AuditEntry audit = await scene.DbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Action == AuditAction.DecidedLesson));
        Assert.Equal((scene.LessonId.ToString(), "Valid r1"), (audit.Subject, audit.Detail));
        Assert.Contains("录像已核对", (await PageAsync(admin, $"/lessons/{scene.LessonId}/record")).QuerySelector("#verdict")!.TextContent, StringComparison.Ordinal);

        Assert.NotNull((await PageAsync(admin, $"/lessons/{scene.LessonId}/record")).QuerySelector(".provisional"));
        Assert.Contains("暂定", (await PageAsync(admin, "/credit")).QuerySelector(".entry-hours")!.TextContent, StringComparison.Ordinal);

        // Decided again, differently: the older word stays, the newer holds, hours are taken back person by person.
        Assert.Equal(HttpStatusCode.Found, await PostAsync(admin, scene.LessonId, "Cancelled", "复核：当天确未上课"));
        Assert.Equal(JudgementStatus.Cancelled, (await JudgementAsync(scene, 3)).Status);
        Assert.Equal(0m, await scene.DbAsync(db => db.Set<LedgerEntry>().Where(e => e.OccurrenceId == scene.LessonId).SumAsync(e => e.Hours)));
        Assert.Equal(2, await scene.DbAsync(db => db.Set<LessonDecision>().CountAsync()));
    }

    [Fact]
    public async Task OnlyAnAdministratorWhoIsNotPartOfTheLesson_Decides()
    {
        await using LessonScene scene = await DownOverTheLessonAsync();
        await JudgementAsync(scene, 1);
        foreach (string role in Roles.All.Where(r => r is not Roles.CountyAdmin))
        {
            var other = new Caller(Guid.NewGuid(), role, role, null, new HashSet<string> { role });
            Assert.Equal(
                DecisionRefusal.NotAllowed,
                await scene.Host.WithAsync<DecisionDesk, DecisionRefusal?>(d => d.DecideAsync(other, scene.LessonId, JudgementStatus.Valid, [], "因为", default)));
        }

        using HttpClient inspector = await scene.Host.SignedInAsync(Roles.Inspector);
        Assert.Null((await PageAsync(inspector, $"/lessons/{scene.LessonId}/record")).QuerySelector("#decide"));
        Guid lecturer = (await scene.DbAsync(db => db.Set<Occurrence>().Include(o => o.Lecturer).SingleAsync(o => o.Id == scene.LessonId))).Lecturer.AccountId!.Value;
        var self = new Caller(lecturer, "wangxiulan", "王秀兰", null, new HashSet<string> { Roles.CountyAdmin });
        Assert.Equal(
            DecisionRefusal.Involved,
            await scene.Host.WithAsync<DecisionDesk, DecisionRefusal?>(d => d.DecideAsync(self, scene.LessonId, JudgementStatus.Valid, [], "因为", default)));
        Assert.Empty(await scene.DbAsync(db => db.Set<LessonDecision>().ToListAsync()));
    }

    [Fact]
    public async Task LessonThatTheRecordsDecide_IsNotForAPerson_AndWrongInputsAreRefused()
    {
        await using LessonScene scene = await LessonScene.CreateAsync(byTimetable: true);
        var admin = new Caller(Guid.NewGuid(), "credit", "吴静", null, new HashSet<string> { Roles.CountyAdmin });
        Task<DecisionRefusal?> DecideAsync(JudgementStatus outcome, string reason, params string[] rooms) =>
            scene.Host.WithAsync<DecisionDesk, DecisionRefusal?>(d => d.DecideAsync(admin, scene.LessonId, outcome, rooms, reason, default));

        Assert.Equal(DecisionRefusal.NothingToDecide, await DecideAsync(JudgementStatus.Valid, "因为"));
        scene.To(TimeSpan.FromSeconds(-1));
        await scene.ReachesAsync(LessonPhase.Ready);
        scene.To(TimeSpan.FromMinutes(10));
        await scene.ReachesAsync(LessonPhase.Missed);
        Assert.Equal(JudgementStatus.Missed, (await JudgementAsync(scene, 1)).Status);
        Assert.Equal(DecisionRefusal.WrongOutcome, await DecideAsync(JudgementStatus.Undetermined, "因为"));
        Assert.Equal(DecisionRefusal.NoReason, await DecideAsync(JudgementStatus.Cancelled, new string('x', 501)));
        Assert.Equal(DecisionRefusal.UnknownRoom, await DecideAsync(JudgementStatus.Valid, "因为", "r7"));
        Assert.Null(await DecideAsync(JudgementStatus.Cancelled, "教师突发疾病"));
        Assert.Equal(JudgementStatus.Cancelled, (await JudgementAsync(scene, 2)).Status);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A hub that plans a lesson, is gone before its bell, and comes back after its end.</summary>
    private async Task<LessonScene> DownOverTheLessonAsync()
    {
        await using LessonScene before = await LessonScene.CreateAsync(configure: host => host.Settings["Hub:DataFolder"] = _folder);
        Assert.NotNull(await before.DbAsync(db => db.Set<AliveMark>().SingleOrDefaultAsync()));
        var second = new HubHost();
        foreach ((string key, string value) in before.Host.Settings)
        {
            second.Settings[key] = value;
        }

        second.Time.Advance(before.Bell.AddMinutes(5) - second.Time.Now);
        LessonScene after = before.On(second);
        await before.Host.DisposeAsync(); // what it knew last is in its data
        await after.ReachesAsync(LessonPhase.Missed);
        return after;
    }

    private static async Task<StoredJudgement> JudgementAsync(LessonScene scene, int revision)
    {
        StoredJudgement? found = null;
        await LessonScene.EventuallyAsync(
            async () =>
            {
                scene.Host.Time.Advance(TimeSpan.FromMilliseconds(100));
                found = await scene.DbAsync(db => db.Set<StoredJudgement>().AsNoTracking().SingleOrDefaultAsync(j => j.OccurrenceId == scene.LessonId && j.Revision == revision));
                return found is not null;
            },
            $"judgement {revision}");
        return found!;
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient browser, string path) => new HtmlParser().ParseDocument(await browser.GetStringAsync(new Uri(path, UriKind.Relative)));

    /// <summary>Sends the form of the record's page as a browser would.</summary>
    private static async Task<HttpStatusCode> PostAsync(HttpClient browser, Guid lesson, string outcome, string reason, string? room = null)
    {
        using HttpResponseMessage shown = await browser.GetAsync(new Uri($"/lessons/{lesson}/record", UriKind.Relative));
        IHtmlDocument page = new HtmlParser().ParseDocument(await shown.Content.ReadAsStringAsync());
        Dictionary<string, string> fields = new()
        {
            ["outcome"] = outcome,
            ["reason"] = reason,
            ["__RequestVerificationToken"] = page.QuerySelector("#decide input[name=__RequestVerificationToken]")!.GetAttribute("value")!,
        };
        if (room is not null)
        {
            fields["rooms"] = room;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/lessons/{lesson}/record?handler=Decide") { Content = new FormUrlEncodedContent(fields) };
        IEnumerable<string> own = browser.DefaultRequestHeaders.GetValues("Cookie");
        IEnumerable<string> antiforgery = shown.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set) ? set.Select(c => c.Split(';')[0]) : [];
        request.Headers.Add("Cookie", string.Join("; ", own.Concat(antiforgery)));
        using HttpResponseMessage answer = await browser.SendAsync(request);
        return answer.StatusCode;
    }
}
