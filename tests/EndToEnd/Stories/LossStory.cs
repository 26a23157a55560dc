using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Storage;
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
        await using HubProcess hub = await HubProcess.StartAsync("--Mqtt:Mode=Managed", "--Mqtt:Port=0", "--Mqtt:Listen=127.0.0.1");
        await using PacketFilter line = await PacketFilter.LoseUdpAsync(hub.Port, percent: 5);
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60), byTimetable: true, receivers: 1);
        using AgentProcess main = await desk.MainAgentAsync($"file:{Repository.Film("lecture.mkv")}");
        using AgentProcess room = await desk.ReceivingAgentAsync(0);
        ReportOften(main);
        ReportOften(room);
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

        // Staff see it too: what each side lost before any repair, and that the lecturer's microphone is alive.
        List<DeviceMinute> minutes = [];
        await Eventually.IsTrueAsync(
            async () => (minutes = await MinutesAsync(desk)).Where(m => m.Loss > 0).Select(m => m.DeviceId).Distinct().Count() == 2, TimeSpan.FromSeconds(70), () => main.Process!.Tail());
        Assert.All(minutes.Where(m => m.Loss is not null), m => Assert.InRange(m.Loss!.Value, 1, 12));
        Assert.Contains(minutes, m => m.Level > -60);
        Assert.Empty(hub.Errors);
    }

    /// <summary>As the hub may ask of a device: readings every ten seconds.</summary>
    private static void ReportOften(AgentProcess agent)
    {
        agent.Kill();
        string folder = Directory.CreateDirectory(Path.Combine(agent.Folder, "telemetry")).FullName;
        File.WriteAllText(Path.Combine(folder, "desired.json"), """{"version":1,"absentParts":[],"metricsSeconds":10}""");
        agent.StartAgain();
    }

    private static async Task<List<DeviceMinute>> MinutesAsync(CountyDesk desk)
    {
        await using HubDbContext db = desk.Open();
        return await db.Set<DeviceMinute>().AsNoTracking().ToListAsync();
    }
}
