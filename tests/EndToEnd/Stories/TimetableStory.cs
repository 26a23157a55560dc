using Microsoft.Playwright;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>A lesson that does not take place: nobody started it (无故停课), or it was cancelled with a reason (因故停课). The record says which.</summary>
[Collection(nameof(FirstLane))]
public sealed class TimetableStory
{
    [Fact]
    public async Task NobodyStarts_BecomesMissed()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8));

        await desk.FactAsync(lesson, LessonFactKind.StartOverdue, TimeSpan.FromSeconds(20));
        await desk.FactAsync(lesson, LessonFactKind.Missed, TimeSpan.FromSeconds(20));
        await Eventually.IsTrueAsync(async () => (await desk.JudgementAsync(lesson))?.Judgement.Status == JudgementStatus.Missed, TimeSpan.FromSeconds(20));
        Assert.Empty((await desk.JudgementAsync(lesson))!.Value.Ledger);

        await using Chromium chromium = await Chromium.StartAsync();
        Assert.Contains("无故停课", await RecordAsync(chromium, hub, lesson), StringComparison.Ordinal);
        Assert.Empty(hub.Errors);
    }

    [Fact]
    public async Task Cancelled_CarriesItsReason()
    {
        const string Reason = "全县停电，改到下周三上";
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30));
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.SignInAsync(hub.Address, CountyDesk.Lecturer);
        await page.GotoAsync(new Uri(hub.Address, $"/timetable?week={DateTime.UtcNow.AddHours(8):yyyy-MM-dd}").ToString());
        await page.ClickAsync($"[data-dialog='cancel-{lesson}']");
        await page.FillAsync($"#reason-{lesson}", Reason);
        IResponse answer = await page.RunAndWaitForResponseAsync(() => page.ClickAsync($"#cancel-{lesson} [type=submit]"), r => r.Request.Method == "POST");
        Assert.True(answer.Status == 302, $"{answer.Status} {await page.InnerTextAsync("body")}");

        await desk.FactAsync(lesson, LessonFactKind.Cancelled, TimeSpan.FromSeconds(20));
        await Eventually.IsTrueAsync(async () => (await desk.JudgementAsync(lesson))?.Judgement.Status == JudgementStatus.Cancelled, TimeSpan.FromSeconds(20));
        Assert.Empty((await desk.JudgementAsync(lesson))!.Value.Ledger);
        string record = await RecordAsync(chromium, hub, lesson);
        Assert.Contains("因故停课", record, StringComparison.Ordinal);
        Assert.Contains(Reason, record, StringComparison.Ordinal);
        Assert.Empty(hub.Errors);
    }

    private static async Task<string> RecordAsync(Chromium chromium, HubProcess hub, Guid lesson)
    {
        IPage page = await chromium.SignInAsync(hub.Address, CountyDesk.Lecturer);
        await page.GotoAsync(new Uri(hub.Address, $"/lessons/{lesson}/record").ToString());
        return await page.InnerTextAsync("main");
    }
}
