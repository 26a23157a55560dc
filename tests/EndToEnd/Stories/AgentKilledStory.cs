using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>A receiving classroom's agent dies in the middle of a lesson: what it had started dies with it, and started again it watches again.</summary>
[Collection(nameof(OneAtATime))]
public sealed class AgentKilledStory(ITestOutputHelper output)
{
    [Fact]
    public async Task ReceivingAgentKilledMidLesson_ChildrenGone_WatchesAgainWithinFiveSeconds()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(90), byTimetable: true, receivers: 1);
        using AgentProcess main = await desk.MainAgentAsync();
        using AgentProcess room = await desk.ReceivingAgentAsync(0);
        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(40));
        await room.WatchesAsync(StreamIds.HostCamera, seconds: 3, default, TimeSpan.FromSeconds(30));

        IReadOnlyList<RunningProgram> children = ProcessTable.ChildrenOf(room.Process!.Id);
        Assert.Contains(children, c => c.Name == "ffmpeg");
        room.Kill();
        TimeSpan gone = await Eventually.IsTrueAsync(() => !children.Any(c => c.IsAlive), TimeSpan.FromSeconds(5), () => string.Join(", ", children.Where(c => c.IsAlive)));

        DateTimeOffset restarted = DateTimeOffset.UtcNow;
        room.StartAgain();
        TimeSpan back = await room.SeesAsync(StreamIds.HostCamera, restarted, TimeSpan.FromSeconds(20));
        output.WriteLine($"{children.Count} children gone {gone.TotalMilliseconds:0} ms after the kill; watching again {back.TotalSeconds:0.00} s after the restart");
        Assert.True(back <= TimeSpan.FromSeconds(5), $"watching again after {back.TotalSeconds:0.00} s\n{room.Process.Tail()}");
        await desk.FactAsync(lesson, LessonFactKind.StreamUp, TimeSpan.FromSeconds(10), "r1", times: 2);
        Assert.Empty(hub.Errors);
    }
}
