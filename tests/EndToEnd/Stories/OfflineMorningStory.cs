using Microsoft.Playwright;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>The lecturer's room cannot reach the hub for the whole lesson: it attends by its own timetable, records, and hands everything in afterwards.</summary>
[Collection(nameof(FirstLane))]
public sealed class OfflineMorningStory
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task LessonWithoutNetwork_IsHandedInAfterwards_AndNotCalledMissed()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(15), Period, byTimetable: true, receivers: 1);
        using AgentProcess main = await desk.MainAgentAsync();
        await desk.FactAsync(lesson, LessonFactKind.StreamUp, TimeSpan.FromSeconds(14), "host");
        DateTimeOffset bell = await desk.BellAsync(lesson);
        hub.Kill();
        Assert.True(DateTimeOffset.UtcNow < bell, "the machine is too slow for this story");
        await Eventually.IsTrueAsync(() => DateTimeOffset.UtcNow > bell + Period + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        await hub.StartAgainAsync();

        await desk.FactAsync(lesson, LessonFactKind.Missed, TimeSpan.FromSeconds(20));
        await Eventually.IsTrueAsync(
            async () => (await desk.JudgementAsync(lesson))?.Verdict.Reasons.Any(r => r.Code == "hostAlone") == true, TimeSpan.FromSeconds(30), () => main.Process!.Tail());
        Verdict verdict = (await desk.JudgementAsync(lesson))!.Value.Verdict;
        Assert.NotEqual(Hub.Credit.JudgementStatus.Missed, verdict.Status);
        Assert.Empty((await desk.JudgementAsync(lesson))!.Value.Ledger);

        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.SignInAsync(hub.Address, CountyDesk.Lecturer);
        await page.GotoAsync(new Uri(hub.Address, $"/lessons/{lesson}/record").ToString());
        string record = await page.InnerTextAsync("main");
        foreach (string words in new[] { "与平台断开，继续本地留存", "补交", "设备自行录制了", "断网期间本地录制" })
        {
            Assert.Contains(words, record, StringComparison.Ordinal);
        }

        await using var db = desk.Open();
        Assert.Contains(db.Set<SeatReport>().ToList(), r => r.Kind == SeatReportKind.CutOff && r.Late && r.ErrorMs < 2000);
        Assert.Empty(hub.Errors);
    }
}
