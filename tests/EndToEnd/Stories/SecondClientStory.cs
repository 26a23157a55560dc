using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>libwebrtc, which nobody here wrote, publishes by WHIP and watches by WHEP; an agent watches it as well.</summary>
[Collection(nameof(OneAtATime))]
public sealed class SecondClientStory(ITestOutputHelper output)
{
    [Fact]
    public async Task OtherStackPublishesAndWatches_AgentWatchesIt()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        var tickets = new TicketOffice(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60), byTimetable: true, receivers: 1);
        using AgentProcess room = await desk.ReceivingAgentAsync(0);
        await desk.FactAsync(lesson, LessonFactKind.Opened, TimeSpan.FromSeconds(20));

        using NodeClient publisher = await NodeClient.StartAsync(hub, tickets.Publish(lesson, "host", StreamIds.HostCamera), TimeSpan.FromSeconds(60));
        await desk.FactAsync(lesson, LessonFactKind.StreamUp, TimeSpan.FromSeconds(20), "host");
        using NodeClient watcher = await NodeClient.StartAsync(hub, tickets.Watch(lesson, "o-inspector", StreamIds.HostCamera), TimeSpan.FromSeconds(60));
        await Eventually.IsTrueAsync(
            () => watcher.Number("framesReceived") > 30 && watcher.Number("soundPeak") > 1000, TimeSpan.FromSeconds(30), () => $"{publisher.Process.Tail(5)}\n{watcher.Process.Tail(5)}");
        Assert.Equal(320, watcher.Number("width"));
        Assert.Equal(180, watcher.Number("height"));
        output.WriteLine($"publisher {publisher.Figures}; watcher {watcher.Figures}");

        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(30));
        await Eventually.IsTrueAsync(
            () => room.SecondsOf(StreamIds.HostCamera).Any(s => s.Number("fps") > 15 && s.Number("soundDb") > -40), TimeSpan.FromSeconds(30),
            () => $"{string.Join('\n', room.SecondsOf(StreamIds.HostCamera).Select(s => s.Row))}\n{room.Process!.Tail()}");
        await desk.FactAsync(lesson, LessonFactKind.FirstPicture, TimeSpan.FromSeconds(20), "r1");
        AgentSecond last = room.SecondsOf(StreamIds.HostCamera)[^1];
        output.WriteLine($"agent {last.Row}");
        Assert.True(last.Number("firstPictureMs") < 2500, "The picture waited for a second key frame.");
        Assert.Empty(hub.Errors);
    }
}
