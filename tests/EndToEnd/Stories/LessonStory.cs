using System.Text.Json;
using Microsoft.Playwright;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>The main job: a lecturer teaches from a browser, two classrooms join by themselves, see and hear her, and the hours are counted.</summary>
[Collection(nameof(OneAtATime))]
public sealed class LessonStory
{
    [Theory]
    [InlineData("vp8")]
    [InlineData("h264")]
    public async Task LecturerTeachesFromBrowser_TwoRoomsSeeAndHear_LessonIsCredited(string codec)
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(30));
        using AgentProcess first = await desk.ReceivingAgentAsync(0);
        using AgentProcess second = await desk.ReceivingAgentAsync(1);
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.TeachAsync(hub, lesson, codec);
        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(20));
        await desk.FactAsync(lesson, LessonFactKind.FirstPicture, TimeSpan.FromSeconds(20), "r1");
        await desk.FactAsync(lesson, LessonFactKind.FirstPicture, TimeSpan.FromSeconds(20), "r2");

        // The lecturer is told that both rooms see and hear her, and sees both rooms.
        await page.WaitForFunctionAsync(
            "() => ['r1-camera', 'r2-camera'].every(s => (window.__live.peers[s]?.framesDecoded ?? 0) > 10)", null, new PageWaitForFunctionOptions { Timeout = 30_000 });
        JsonElement live = await Chromium.LiveAsync(page);
        Assert.Equal(codec, live.GetProperty("codec").GetString(), ignoreCase: true);
        await Eventually.IsTrueAsync(() => Moving(first) && Moving(second), TimeSpan.FromSeconds(30), () => first.Process!.Tail());

        await desk.FactAsync(lesson, LessonFactKind.Ended, TimeSpan.FromSeconds(60));
        await Eventually.IsTrueAsync(async () => (await desk.JudgementAsync(lesson))?.Judgement.Status == JudgementStatus.Valid, TimeSpan.FromSeconds(60),
            () => $"{desk.JudgementAsync(lesson).Result?.Verdict}\n{string.Join((char)10, File.ReadAllLines(first.Stats).TakeLast(20))}");
        var (_, verdict, ledger) = (await desk.JudgementAsync(lesson))!.Value;
        Assert.All(verdict.Receivers, r => Assert.True(r.Valid));
        Assert.Equal(1.50m, ledger.Sum(e => e.Hours));
        Assert.True((verdict.ByHub - verdict.ByAgents).Duration() <= TimeSpan.FromSeconds(2), $"hub {verdict.ByHub}, agents {verdict.ByAgents}");
        Assert.Empty(hub.Errors);
    }

    /// <summary>The picture moves and there is sound.</summary>
    private static bool Moving(AgentProcess agent) =>
        agent.Seconds().Any(s => s.StreamId == "host-camera" && s.Number("fps") > 10 && s.Number("soundDb") > -60);
}
