using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>What the pupils look at: the waiting card before the bell, the lecturer's picture full screen during the lesson, a card again after it.</summary>
[Collection(nameof(OneAtATime))]
public sealed class ScreenStory(ITestOutputHelper output)
{
    [Fact]
    public async Task ClassroomsScreen_ShowsTheCard_ThenTheLesson_ThenACardAgain()
    {
        using Screen screen = await Screen.StartAsync();
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), byTimetable: true, receivers: 1);
        using AgentProcess room = await AgentProcess.StartOnScreenAsync(hub.Address, await desk.CodeAsync(0), screen.Display);

        // Before the bell: text on a dark ground, standing still, and no picture.
        await Eventually.IsTrueAsync(async () => IsCard(await screen.LookAsync()), TimeSpan.FromSeconds(25), () => room.Process!.Tail());
        await desk.FactAsync(lesson, LessonFactKind.Opened, TimeSpan.FromSeconds(25));
        await screen.KeepAsync("waiting-card");
        using AgentProcess main = await desk.MainAgentAsync();

        // The lesson: the lecturer's picture fills the screen, so its clock can be read from the screen's edges, and it goes on.
        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(50));
        uint first = 0, then = 0;
        await Eventually.IsTrueAsync(async () => PatternReader.TryRead(await screen.LookAsync(), out first), TimeSpan.FromSeconds(25), () => room.Process!.Tail());
        await Eventually.IsTrueAsync(
            async () => PatternReader.TryRead(await screen.LookAsync(), out then) && unchecked((int)(then - first)) > 2000, TimeSpan.FromSeconds(15), () => room.Process!.Tail());
        byte[] seen = await screen.LookAsync();
        if (PatternReader.TryRead(seen, out uint now) && PatternReader.Delay(now, DateTimeOffset.UtcNow) is { } delay)
        {
            output.WriteLine($"on the screen {delay} ms after it was filmed, the screenshot's own time included");
        }

        await screen.KeepAsync("lesson");

        await desk.FactAsync(lesson, LessonFactKind.Ended, TimeSpan.FromSeconds(50));
        await Eventually.IsTrueAsync(async () => IsCard(await screen.LookAsync()), TimeSpan.FromSeconds(20), () => room.Process!.Tail());
        await screen.KeepAsync("after");
        Assert.Empty(hub.Errors);
    }

    /// <summary>Mostly dark, with something bright to read, and not the lecturer's picture.</summary>
    private static bool IsCard(byte[] gray)
    {
        int bright = gray.Count(g => g > 60);
        return !PatternReader.TryRead(gray, out _) && bright > 15 && bright < gray.Length / 4 && gray.Count(g => g < 40) > gray.Length / 2;
    }
}
