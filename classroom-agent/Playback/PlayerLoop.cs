using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Shows one watched stream in mpv and keeps it near the live edge.</summary>
/// <param name="sockets">A folder for mpv's control socket; only the agent may enter it.</param>
internal sealed class PlayerLoop(PlaybackOptions options, ScreenPlace place, string sockets, FramePipe pipe, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private int _generation;
    private volatile bool _hung;

    public Task RunAsync(CancellationToken stop)
    {
        string control = "";
        var loop = new ChildLoop(
            "player",
            () =>
            {
                control = Path.Combine(sockets, $"p{Interlocked.Increment(ref _generation)}-{place}");
                return ChildProcess.StartAsync("player", options.Mpv, MpvScreen.Player(options, place, control, _hung), log);
            },
            (child, end) => ServeAsync(child, control, end),
            time,
            log);
        return loop.RunAsync(stop);
    }

    private async Task ServeAsync(ChildProcess child, string control, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task drained = child.Output.CopyToAsync(Stream.Null, end.Token);
        Task pumped = pipe.PumpAsync(child.Input, end.Token);
        Task paced = PaceAsync(control, end.Token);
        await Task.WhenAny(pumped, paced, child.Exited);
        await end.CancelAsync();
        child.Kill();
        await Task.WhenAll(drained, pumped, paced).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PaceAsync(string control, CancellationToken stop)
    {
        MpvControl? mpv = null;
        var pace = new PlayoutPace(TimeSpan.FromMilliseconds(options.CatchUpOverMs));
        var stuck = new StuckWatch();
        while (!stop.IsCancellationRequested)
        {
            await Waits.PauseAsync(Beat, time, stop);
            mpv ??= await MpvControl.ConnectAsync(control, stop);
            double? shown = mpv is null ? null : await mpv.NumberAsync("time-pos", stop);
            if (stuck.OnBeat(shown, pipe.NewestAt))
            {
                log.PlayerStuck(place);
                _hung = true;
                break;
            }

            if (mpv is not null && shown is { } at && pace.OnLag(pipe.NewestAt - TimeSpan.FromSeconds(at)))
            {
                await mpv.AskAsync(new object[] { "set_property", "speed", pace.Speed }, stop);
            }
        }

        mpv?.Dispose();
    }
}
