using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>
/// What comes of a lecturer's browser in the classrooms: two agents watch, and a third watcher joins again and again. Prints the time to the first
/// picture, the frame rate, the delay from the drawn clock to the decoded picture, and the lip skew. Short in the suite;
/// <c>THREECLASSROOMS_JOINS</c> and <c>THREECLASSROOMS_SECONDS</c> make it as long as one likes.
/// </summary>
[Collection(nameof(OneAtATime))]
public sealed class BrowserPictureStory(ITestOutputHelper output)
{
    /// <summary>Pictures sent so far and the moment, in ms, at which the browser counted them: its page's own figures are half a second old.</summary>
    private const string Sent =
        """
        async () => {
          for (const peer of window.__connections.filter(p => p.connectionState === 'connected')) {
            for (const item of (await peer.getStats()).values()) {
              if (item.type === 'outbound-rtp' && item.kind === 'video') {
                return [item.framesSent, item.timestamp];
              }
            }
          }
          return [];
        }
        """;

    private static readonly int Joins = Number("THREECLASSROOMS_JOINS", 3);
    private static readonly int Seconds = Number("THREECLASSROOMS_SECONDS", 10);

    [Theory]
    [InlineData("vp8")]
    [InlineData("h264")]
    public async Task LecturersBrowserIsSeen_AsItSends(string codec)
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90 + Seconds + (6 * Joins)));
        using AgentProcess first = await desk.ReceivingAgentAsync(0);
        using AgentProcess second = await desk.ReceivingAgentAsync(1);
        await using Chromium chromium = await Chromium.StartAsync();
        string camera = Chromium.KeepConnections + await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "EndToEnd", "Stage", "pattern-camera.js"));
        IPage page = await chromium.TeachAsync(hub, lesson, codec, camera);
        await desk.FactAsync(lesson, LessonFactKind.Started, TimeSpan.FromSeconds(20));
        DateTimeOffset started = DateTimeOffset.UtcNow;
        foreach (AgentProcess room in new[] { first, second })
        {
            await room.WatchesAsync(StreamIds.HostCamera, seconds: 5, started, TimeSpan.FromSeconds(60));

            // The browser's own microphone beeps from some moment on.
            await Eventually.IsTrueAsync(() => room.SecondsOf(StreamIds.HostCamera, started).Any(s => s.Number("soundDb") > -60), TimeSpan.FromSeconds(30));
        }

        await LookAsync(page, first, second);
        await JoinAsync(hub, lesson);
        Assert.Empty(hub.Errors);
    }

    /// <summary>Watches for a while what the two rooms report of each second.</summary>
    private async Task LookAsync(IPage page, AgentProcess first, AgentProcess second)
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddSeconds(1);
        double[] before = await page.EvaluateAsync<double[]>(Sent);
        await Eventually.IsTrueAsync(
            () => first.SecondsOf(StreamIds.HostCamera, from).Count >= Seconds && second.SecondsOf(StreamIds.HostCamera, from).Count >= Seconds, TimeSpan.FromSeconds(Seconds + 30));
        double[] after = await page.EvaluateAsync<double[]>(Sent);
        double sent = (after[0] - before[0]) / (after[1] - before[1]) * 1000;
        foreach (AgentProcess room in new[] { first, second })
        {
            AgentSecond[] seconds = [.. room.SecondsOf(StreamIds.HostCamera, from).Take(Seconds)];
            double shown = seconds.Skip(1).Sum(s => s.Number("frames")) / (seconds[^1].At - seconds[0].At).TotalSeconds;
            double[] delays = Sorted(seconds, "delayMs"), skews = Sorted(seconds, "lipSkewMs");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{seconds.Length} s: {shown:0.00} of {sent:0.00} pictures/s ({100 * shown / sent:0.0} %), glass to glass median {Middle(delays):0} ms, worst second {delays[^1]:0} ms, lip skew {skews[0]:0} to {skews[^1]:0} ms, sound {seconds.Max(s => s.Number("soundDb")):0.0} dBFS"));
            Assert.True(shown >= 0.95 * sent, $"{shown} of {sent} pictures");
            Assert.True(Math.Abs(Middle(skews)) <= 80, $"lip skew {string.Join(", ", skews)} ms");
            Assert.All(seconds, s => Assert.True(s.Number("soundDb") > -60));
        }
    }

    /// <summary>Joins and leaves, and counts from the hub's answer to the first decoded picture.</summary>
    private async Task JoinAsync(HubProcess hub, Guid lesson)
    {
        var tickets = new TicketOffice(hub);
        using var http = new HttpClient { BaseAddress = hub.Address };
        using var peers = new PeerFactory(false, TimeSpan.FromMilliseconds(120), TimeProvider.System, NullLogger.Instance);
        string sockets = Directory.CreateDirectory(Path.Combine(hub.Folder, "join")).FullName;
        var setting = new PlaybackSetting(new PlaybackOptions(), "ffmpeg", sockets, null, () => DateTimeOffset.UtcNow, TimeProvider.System, NullLogger.Instance);
        List<double> firsts = [];
        for (int i = 0; i < Joins; i++)
        {
            using var stop = new CancellationTokenSource();
            using var stream = new WatchedStream(StreamIds.HostCamera, setting);
            Task running = stream.RunAsync(stop.Token);
            await using IPeer peer = peers.Watch(StreamIds.HostCamera, stream);
            MediaTicket ticket = tickets.Watch(lesson, "o-inspector", StreamIds.HostCamera);
            Result<MediaAnswer, HubRefusal> answer = await new HubApi(http).OfferAsync(ticket.Url, ticket.Token, peer.Offer, CancellationToken.None);
            stream.OnAnswer();
            Assert.Null(peer.Start(answer.Value.Sdp));
            double? firstPicture = null;
            await Eventually.IsTrueAsync(() => (firstPicture = stream.Report().FirstPictureMs) is not null, TimeSpan.FromSeconds(20), () => $"no picture in join {i}");
            firsts.Add(firstPicture!.Value);
            await stop.CancelAsync();
            await running;
        }

        firsts.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first picture after the answer, {Joins} joins: median {Middle([.. firsts]):0} ms, worst {firsts[^1]:0} ms"));
    }

    private static double[] Sorted(IEnumerable<AgentSecond> seconds, string name) =>
        [.. seconds.Select(s => s.Number(name)).Where(n => !double.IsNaN(n)).Order()];

    private static double Middle(double[] sorted) => sorted[sorted.Length / 2];

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
