using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Recordings;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>The hub dies in the middle of a lesson and is started again: the same lesson goes on, nobody does anything, and next to nothing is lost.</summary>
[Collection(nameof(OneAtATime))]
public sealed class HubKilledStory(ITestOutputHelper output)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(70);

    [Fact]
    public async Task MainAgentTeaches_HubKilled_SameLessonGoesOn_RecordingPlays_BothPartsCount()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(15), Period, byTimetable: true, receivers: 1);
        using AgentProcess main = await desk.MainAgentAsync();
        using AgentProcess room = await desk.ReceivingAgentAsync(0);
        await TellAsync(hub, desk, lesson, room);
    }

    [Fact]
    public async Task LecturersBrowserTeaches_HubKilled_SameLessonGoesOn_RecordingPlays_BothPartsCount()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(20), Period, receivers: 1);
        using AgentProcess room = await desk.ReceivingAgentAsync(0);
        await using Chromium chromium = await Chromium.StartAsync();
        await chromium.TeachAsync(hub, lesson);
        await TellAsync(hub, desk, lesson, room);
    }

    private async Task TellAsync(HubProcess hub, CountyDesk desk, Guid lesson, AgentProcess room)
    {
        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(40));
        DateTimeOffset started = await CountsFromAsync(desk, lesson);
        await room.WatchesAsync(StreamIds.HostCamera, seconds: 12, started, TimeSpan.FromSeconds(50));
        DateTimeOffset killed = DateTimeOffset.UtcNow;
        hub.Kill();
        await hub.StartAgainAsync();
        DateTimeOffset listening = DateTimeOffset.UtcNow;

        TimeSpan back = await room.SeesAsync(StreamIds.HostCamera, listening, TimeSpan.FromSeconds(30));
        await desk.FactAsync(lesson, LessonFactKind.StreamUp, TimeSpan.FromSeconds(15), "r1", times: 2);
        List<LessonEvent> facts = await desk.FactsAsync(lesson);
        LessonEvent restart = facts.Single(f => f.Kind == LessonFactKind.HubRestarted);
        TimeSpan publishing = facts.Where(f => f.Kind == LessonFactKind.StreamUp && f.Sequence > restart.Sequence).Max(f => f.At) - listening;
        output.WriteLine($"listening {(listening - killed).TotalSeconds:0.00} s after the kill; both publish again after {publishing.TotalSeconds:0.00} s, pictures after {back.TotalSeconds:0.00} s");
        Assert.Single(facts, f => f.Kind == LessonFactKind.Started);
        Assert.True(back <= TimeSpan.FromSeconds(10), $"watching again after {back}\n{room.Process!.Tail()}");
        Assert.True(publishing <= TimeSpan.FromSeconds(10), $"publishing again after {publishing}");

        await desk.FactAsync(lesson, LessonFactKind.Ended, Period + TimeSpan.FromSeconds(10));
        await JudgedAsync(desk, lesson, killed, listening, back > publishing ? back : publishing);
        await RecordedAsync(new RecordingShelf(hub, desk), lesson, killed, listening);
        Assert.Empty(hub.Errors);
    }

    /// <summary>The time before the kill and the time after it count: there is more than either could give alone.</summary>
    /// <param name="back">From listening again until picture and room were back.</param>
    private async Task JudgedAsync(CountyDesk desk, Guid lesson, DateTimeOffset killed, DateTimeOffset listening, TimeSpan back)
    {
        await Eventually.IsTrueAsync(async () => (await desk.JudgementAsync(lesson))?.Judgement.Status == JudgementStatus.Valid, TimeSpan.FromSeconds(40));
        var verdict = (await desk.JudgementAsync(lesson))!.Value.Verdict;
        List<LessonEvent> facts = await desk.FactsAsync(lesson);
        TimeSpan before = killed - await CountsFromAsync(desk, lesson);
        TimeSpan after = facts.Single(f => f.Kind == LessonFactKind.Ended).At - listening;
        output.WriteLine($"effective {verdict.Effective}, by hub {verdict.ByHub}, by agents {verdict.ByAgents}; before the kill {before}, after {after}, of it coming back {back}");
        TimeSpan more = TimeSpan.FromSeconds(3);
        foreach (TimeSpan counted in new[] { verdict.Effective, verdict.ByHub })
        {
            Assert.True(counted > after - back + more && counted > before + more, $"{counted} of {before} and {after - back}");
        }
    }

    /// <summary>A lecturer who starts before the bell is not credited for that.</summary>
    private static async Task<DateTimeOffset> CountsFromAsync(CountyDesk desk, Guid lesson)
    {
        DateTimeOffset started = (await desk.FactsAsync(lesson)).Single(f => f.Kind == LessonFactKind.Started).At, bell = await desk.BellAsync(lesson);
        return started > bell ? started : bell;
    }

    private async Task RecordedAsync(RecordingShelf shelf, Guid lesson, DateTimeOffset killed, DateTimeOffset listening)
    {
        await Eventually.IsTrueAsync(
            async () => await shelf.PartsAsync(lesson, StreamIds.HostCamera) is [{ State: RecordingState.Indexed }, .., { State: RecordingState.Indexed }], TimeSpan.FromSeconds(30));
        List<Recording> parts = await shelf.PartsAsync(lesson, StreamIds.HostCamera);
        Recording first = parts.Last(p => p.StartedAt < killed);
        TimeSpan lost = killed - (first.StartedAt + TimeSpan.FromMilliseconds(first.DurationMs));
        output.WriteLine($"{parts.Count} parts; {lost.TotalMilliseconds:0} ms before the kill lost");
        Assert.True(lost <= TimeSpan.FromSeconds(1), $"{lost} lost");
        Assert.Contains(parts, p => p.StartedAt > listening - TimeSpan.FromSeconds(1));
        foreach (Recording part in parts)
        {
            int pictures = await shelf.PlayAsync(part);
            Assert.True(pictures > part.DurationMs / 1000.0 * 8, $"{pictures} pictures in {part.DurationMs} ms");
        }
    }
}
