using Microsoft.Playwright;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>Nobody hears a classroom that has not the floor, or is muted: the hub forwards not one packet of its sound.</summary>
[Collection(nameof(OneAtATime))]
public sealed class FloorStory(ITestOutputHelper output)
{
    private const string Stream = "r1-camera";

    [Fact]
    public async Task ClassroomIsHeardOnlyWithFloorAndOpenMicrophone()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        var tickets = new TicketOffice(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(150));
        using AgentProcess first = await desk.ReceivingAgentAsync(0);
        using AgentProcess second = await desk.ReceivingAgentAsync(1);
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.TeachAsync(hub, lesson);
        await desk.FactAsync(lesson, LessonFactKind.StreamUp, TimeSpan.FromSeconds(30), "r1");

        await using var lecturer = new Listener(hub, () => tickets.Watch(lesson, "host", Stream));
        await using var inspector = new Listener(hub, () => tickets.Watch(lesson, "o-inspector", Stream));
        await using var otherRoom = new Listener(hub, () => tickets.Watch(lesson, "r2", Stream));
        Listener[] all = [lecturer, inspector, otherRoom];

        // Without the floor, muted and then with an open microphone: lecturer and inspector see it, nobody hears it.
        await PicturesAsync(50, lecturer, inspector);
        await TellAsync(first, "unmute");
        await desk.FactAsync(lesson, LessonFactKind.Unmuted, TimeSpan.FromSeconds(10), "r1");
        await PicturesAsync(75, lecturer, inspector);
        await Eventually.IsTrueAsync(() => otherRoom.Connections > 0, TimeSpan.FromSeconds(20));
        Assert.All(all, l => Assert.Equal(0, l.Sounds));
        Assert.Equal(0, otherRoom.Pictures);
        Assert.DoesNotContain(second.SecondsOf(Stream), s => s.Number("fps") > 0 || s.Number("soundDb") > -80);

        // With the floor, but muted again: seen by the other room too, still not heard.
        await TellAsync(first, "mute");
        await desk.FactAsync(lesson, LessonFactKind.Muted, TimeSpan.FromSeconds(10), "r1");
        await page.ClickAsync("[data-seat=r1] .seat-grant");
        await desk.FactAsync(lesson, LessonFactKind.FloorGranted, TimeSpan.FromSeconds(10), "r1");
        await PicturesAsync(75, all);
        Assert.All(all, l => Assert.Equal(0, l.Sounds));

        // With the floor and an open microphone: everybody hears it, the other classroom's loudspeaker too.
        await TellAsync(first, "unmute");
        await Eventually.IsTrueAsync(() => all.All(l => l.Sounds > 100), TimeSpan.FromSeconds(20), () => string.Join(", ", all.Select(l => l.Sounds)));
        await Eventually.IsTrueAsync(
            () => second.SecondsOf(Stream).Any(s => s.Number("fps") > 5 && s.Number("soundDb") > -60), TimeSpan.FromSeconds(20), () => second.Process!.Tail());

        // The floor is taken back: from then on not one packet.
        await page.ClickAsync("[data-seat=r1] .seat-grant");
        await desk.FactAsync(lesson, LessonFactKind.FloorTaken, TimeSpan.FromSeconds(10), "r1");
        await PicturesAsync(10, lecturer, inspector);
        int[] then = [.. all.Select(l => l.Sounds)];
        await PicturesAsync(75, lecturer, inspector);
        Assert.Equal(then, all.Select(l => l.Sounds));
        output.WriteLine($"sound packets while allowed: lecturer {then[0]}, inspector {then[1]}, other room {then[2]}; otherwise none");
        Assert.Empty(hub.Errors);
    }

    /// <summary>Waits until each has got so many more pictures: time by the stream's own clock.</summary>
    private static Task PicturesAsync(int more, params Listener[] listeners)
    {
        int[] before = [.. listeners.Select(l => l.Pictures)];
        return Eventually.IsTrueAsync(
            () => listeners.Select((l, i) => l.Pictures - before[i]).All(n => n >= more), TimeSpan.FromSeconds(30), () => $"pictures: {string.Join(", ", listeners.Select(l => l.Pictures))}");
    }

    private static async Task TellAsync(AgentProcess agent, string command)
    {
        using ChildProcess tell = ChildProcess.Start("dotnet", [Repository.Agent, command, "--data", agent.Folder]);
        await tell.ExitAsync(TimeSpan.FromSeconds(20));
        Assert.True(tell.ExitCode == 0, tell.Tail());
    }
}
