using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>The screen's background: an mpv that is always open and shows the text it is given once a second (waiting card, next lesson, broken line).</summary>
/// <param name="text">ASS event; empty for a dark screen.</param>
internal sealed class CardLoop(PlaybackOptions options, string sockets, Func<string> text, TimeProvider time, ILogger log)
{
    /// <summary>A slow machine opens its screen within this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Nobody plugs in a screen every second.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(60);

    private int _generation;
    private long _answeredAt = time.GetTimestamp();

    /// <summary>Nothing can be shown: there is no screen, or mpv finds no way to it.</summary>
    public bool Fails => time.GetElapsedTime(Volatile.Read(ref _answeredAt)) > Patience;

    public Task RunAsync(CancellationToken stop)
    {
        string control = "";
        var loop = new ChildLoop(
            "card",
            () =>
            {
                control = Path.Combine(sockets, $"c{++_generation}");
                return ChildProcess.StartAsync("card", options.Mpv, MpvScreen.Card(options, control), log);
            },
            (child, end) => ServeAsync(child, control, end),
            time,
            log,
            TryAgain);
        return loop.RunAsync(stop);
    }

    private async Task ServeAsync(ChildProcess child, string control, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task drained = child.Output.CopyToAsync(Stream.Null, end.Token);
        Task written = WriteAsync(control, end.Token);
        await Task.WhenAny(child.Exited, written);
        await end.CancelAsync();
        child.Kill();
        await Task.WhenAll(drained, written).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(string control, CancellationToken stop)
    {
        MpvControl? mpv = null;
        string shown = "";
        long begun = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            mpv ??= await MpvControl.ConnectAsync(control, stop);
            string wanted = text();
            if (mpv is not null && wanted != shown && await mpv.OverlayAsync(1, wanted, stop))
            {
                shown = wanted;
            }

            if (mpv is not null && await mpv.NumberAsync("time-pos", stop) is not null)
            {
                Volatile.Write(ref _answeredAt, time.GetTimestamp());
            }
            else if (time.GetElapsedTime(begun) > Patience && Fails)
            {
                break; // it hangs: without a screen some outputs do
            }

            await Waits.PauseAsync(TimeSpan.FromMilliseconds(mpv is null ? 100 : 250), time, stop);
        }

        mpv?.Dispose();
    }
}
