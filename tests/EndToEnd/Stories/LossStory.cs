using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>One packet in twenty is lost at random on a school's line, both ways: a 720p picture goes on moving.</summary>
[Collection(nameof(OneAtATime))]
public sealed class LossStory(ITestOutputHelper output)
{
    private const int Seconds = 25;
    private const double FilmRate = 25;

    [Fact]
    public async Task FivePercentLoss_PictureFreezesLessThanOnePercent()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        await using PacketFilter line = await PacketFilter.LoseUdpAsync(hub.Port, percent: 5);
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60), byTimetable: true, receivers: 1);
        using AgentProcess main = await desk.MainAgentAsync($"file:{Repository.Film("lecture.mkv")}");
        using AgentProcess room = await desk.ReceivingAgentAsync(0);
        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(40));
        await room.WatchesAsync(StreamIds.HostCamera, seconds: 2, default, TimeSpan.FromSeconds(30));

        DateTimeOffset begun = DateTimeOffset.UtcNow;
        await Eventually.IsTrueAsync(
            () => room.SecondsOf(StreamIds.HostCamera, begun).Count >= Seconds, TimeSpan.FromSeconds(Seconds + 15), () => room.Process!.Tail());
        List<AgentSecond> rows = [.. room.SecondsOf(StreamIds.HostCamera, begun).Take(Seconds)];
        double span = (rows[^1].At - rows[0].At).TotalSeconds;
        double rate = rows.Skip(1).Sum(r => r.Number("frames")) / span, frozen = rows.Skip(1).Sum(r => r.Number("freezeMs")) / 10 / span;
        output.WriteLine(
            $"{span:0.0} s: {rate:0.00} frames/s, frozen {frozen:0.00} %, repaired {rows[^1].Number("recovered")} of {rows[^1].Number("packets")} packets; dropped {await line.TakenAsync()}");
        Assert.True(frozen < 1, $"frozen {frozen:0.00} %\n{string.Join('\n', rows.Select(r => r.Row))}");
        Assert.True(rate >= 0.95 * FilmRate, $"{rate:0.00} frames/s\n{string.Join('\n', rows.Select(r => r.Row))}");
        Assert.Empty(hub.Errors);
    }
}
