using Microsoft.Playwright;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>The lecturer's computer takes over from the recording device and gives back: another codec each time, and the classroom goes on seeing and hearing.</summary>
[Collection(nameof(OneAtATime))]
public sealed class TakeOverStory(ITestOutputHelper output)
{
    [Fact]
    public async Task ComputerTakesOverFromTheDevice_AndGivesBack_TheClassroomSeesAndHearsAllOfIt()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(120), byTimetable: true, receivers: 1);
        using AgentProcess main = await desk.MainAgentAsync();
        using AgentProcess room = await desk.ReceivingAgentAsync(0);
        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(40));
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.SignInAsync(hub.Address, CountyDesk.Lecturer);
        await page.GotoAsync(new Uri(hub.Address, $"/lessons/{lesson}/live").ToString());
        await room.SeesAsync(StreamIds.HostCamera, DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30));

        await page.ClickAsync("#take-over", new PageClickOptions { Timeout = 20_000 });
        await desk.FactAsync(lesson, LessonFactKind.StreamUp, TimeSpan.FromSeconds(20), "host", times: 2);
        TimeSpan computer = await SeesAndHearsAsync(room, await UpAsync(desk, lesson), sound: -70);

        await page.ClickAsync("#give-back", new PageClickOptions { Timeout = 20_000 });
        await desk.FactAsync(lesson, LessonFactKind.StreamUp, TimeSpan.FromSeconds(30), "host", times: 3);
        TimeSpan device = await SeesAndHearsAsync(room, await UpAsync(desk, lesson), sound: -70);
        output.WriteLine($"seen after the computer's picture came {computer.TotalSeconds:0.0} s, after the device's {device.TotalSeconds:0.0} s");
        Assert.True(computer < TimeSpan.FromSeconds(5) && device < TimeSpan.FromSeconds(5), $"{computer}, {device}");
        Assert.Empty(hub.Errors);
    }

    private static async Task<DateTimeOffset> UpAsync(CountyDesk desk, Guid lesson) =>
        (await desk.FactsAsync(lesson)).Last(f => f.Kind == LessonFactKind.StreamUp && f.SeatId == "host").At;

    /// <summary>Waits for a second with a moving picture and a sound that began after a moment, so that nothing of the stream before is in it.</summary>
    /// <returns>From the moment to the end of that second.</returns>
    private static async Task<TimeSpan> SeesAndHearsAsync(AgentProcess room, DateTimeOffset from, double sound)
    {
        AgentSecond? seen = null;
        await Eventually.IsTrueAsync(
            () => (seen = room.SecondsOf(StreamIds.HostCamera, from.AddSeconds(1.1)).FirstOrDefault(s => s.Number("fps") > 5 && s.Number("soundDb") > sound)) is not null,
            TimeSpan.FromSeconds(15), () => $"{string.Join('\n', room.SecondsOf(StreamIds.HostCamera, from).Select(s => s.Row))}\n{room.Process!.Tail()}");
        return seen!.At - from;
    }
}
