using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Benchmarks;

/// <summary>
/// The agent's publishing and watching parts against the media driver on loopback: time to the first decoded picture over many joins, then a minute
/// of decoding: frame rate, delay from the burnt-in clock to the decoded picture, lip skew, sound.
/// </summary>
internal static class AgentJoin
{
    public static async Task RunAsync(Arguments arguments)
    {
        int port = arguments.Number("port", 8600), joins = arguments.Number("joins", 20), seconds = arguments.Number("seconds", 60);
        const string Token = "secret";
        await using WebApplication app = Serve.Build(port, Token, "127.0.0.1", -1);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var api = new HubApi(client);
        bool tcpOnly = arguments.Number("tcp", 0) != 0;
        using var peers = new PeerFactory(tcpOnly, TimeSpan.FromMilliseconds(120), TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();

        var options = new CaptureOptions { FramesPerSecond = arguments.Number("fps", 25) };
        var capture = new CaptureLoop(new SourceSpec(SourceKind.Test), options, TimeProvider.System, NullLogger.Instance);
        using IDisposable hold = capture.Open(CaptureReason.Lesson);
        Task capturing = capture.RunAsync(stop.Token);
        await using IPublishPeer publisher = peers.Publish("host-camera");
        await ConnectAsync(api, publisher, "/whip/room", Token);
        capture.Add(publisher);
        await Task.Delay(TimeSpan.FromSeconds(3));

        string sockets = Directory.CreateTempSubdirectory("agent-").FullName;
        var setting = new PlaybackSetting(
            new PlaybackOptions(), options.Ffmpeg, sockets, null, () => TimeProvider.System.GetUtcNow(), TimeProvider.System, NullLogger.Instance);
        List<double> firsts = [];
        for (int i = 0; i < joins; i++)
        {
            ReceptionReport report = await WatchAsync(api, peers, setting, Token, TimeSpan.FromMilliseconds(1500 + (137 * i % 1000)), null);
            firsts.Add(report.FirstPictureMs ?? double.PositiveInfinity);
        }

        firsts.Sort();
        Console.WriteLine($"first picture after the answer, {joins} joins: median {firsts[joins / 2]:F0} ms, worst {firsts[^1]:F0} ms");
        List<MeterReading> readings = [];
        ReceptionReport whole = await WatchAsync(api, peers, setting, Token, TimeSpan.FromSeconds(seconds), readings);
        Console.WriteLine($"{seconds} s: {whole.FramesPerSecond:F2} of {options.FramesPerSecond} pictures/s, frozen {whole.FreezeMs} ms, sound {whole.SoundDb:F1} dBFS, lost {whole.LossPercent:F2} %");
        double[] delays = [.. readings.Select(r => r.DelayMs).OfType<double>().Order()];
        double[] skews = [.. readings.Select(r => r.LipSkewMs).OfType<double>().Order()];
        if (delays.Length > 0 && skews.Length > 0)
        {
            Console.WriteLine($"glass to glass (median of each second): median {delays[delays.Length / 2]:F0} ms, worst {delays[^1]:F0} ms");
            Console.WriteLine($"lip skew: median {skews[skews.Length / 2]:F0} ms, from {skews[0]:F0} to {skews[^1]:F0} ms");
        }

        await stop.CancelAsync();
        await capturing;
        Directory.Delete(sockets, recursive: true);
    }

    private static async Task ConnectAsync(HubApi api, IPeer peer, string url, string token, Action? onAnswer = null)
    {
        Result<MediaAnswer, HubRefusal> answer = await api.OfferAsync(url, token, peer.Offer, CancellationToken.None);
        onAnswer?.Invoke();
        if (!answer.IsOk || peer.Start(answer.Value.Sdp) is not null)
        {
            throw new InvalidOperationException($"No connection: {answer.Refusal}");
        }

        await peer.Connected.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<ReceptionReport> WatchAsync(
        HubApi api, PeerFactory peers, PlaybackSetting setting, string token, TimeSpan length, List<MeterReading>? readings)
    {
        using var stop = new CancellationTokenSource();
        using var stream = new WatchedStream("host-camera", setting) { OnSecond = readings is null ? null : readings.Add };
        Task running = stream.RunAsync(stop.Token);
        await using IPeer peer = peers.Watch("host-camera", stream);
        stream.Statistics = () => peer.Statistics;
        await ConnectAsync(api, peer, "/whep/room", token, stream.OnAnswer);
        await Task.Delay(length);
        ReceptionReport report = stream.Report();
        await stop.CancelAsync();
        await running;
        return report;
    }
}
