using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Shows one watched stream in mpv and keeps it near the live edge.</summary>
internal sealed class PlayerLoop(PlaybackSetting setting, ScreenPlace place, FramePipe pipe)
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
                control = Path.Combine(setting.Sockets, $"p{Interlocked.Increment(ref _generation)}-{place}");
                return ChildProcess.StartAsync("player", setting.Options.Mpv, MpvScreen.Player(setting.Options, place, control, _hung), setting.Log);
            },
            (child, end) => ServeAsync(child, control, end),
            setting.Time,
            setting.Log);
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
        var pace = new PlayoutPace(TimeSpan.FromMilliseconds(setting.Options.CatchUpOverMs));
        var stuck = new StuckWatch();
        string written = "";
        while (!stop.IsCancellationRequested)
        {
            await Waits.PauseAsync(Beat, setting.Time, stop);
            mpv ??= await MpvControl.ConnectAsync(control, stop);
            double? shown = mpv is null ? null : await mpv.NumberAsync("time-pos", stop);
            if (stuck.OnBeat(shown, pipe.NewestAt))
            {
                setting.Log.PlayerStuck(place);
                _hung = true;
                break;
            }

            // The largest picture carries what is to be read.
            if (mpv is not null && place == ScreenPlace.Main && setting.Notices.Text() is var notices && notices != written && await mpv.OverlayAsync(2, notices, stop))
            {
                written = notices;
            }

            if (mpv is not null && shown is { } at && pace.OnLag(pipe.NewestAt - TimeSpan.FromSeconds(at)))
            {
                await mpv.AskAsync(new object[] { "set_property", "speed", pace.Speed }, stop);
            }
        }

        mpv?.Dispose();
    }
}
