using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>The screen's background: an mpv that is always open and shows the text it is given once a second (waiting card, next lesson, broken line).</summary>
/// <param name="text">ASS event; empty for a dark screen.</param>
internal sealed class CardLoop(PlaybackOptions options, string sockets, Func<string> text, TimeProvider time, ILogger log)
{
    private int _generation;

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
            log);
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
        while (!stop.IsCancellationRequested)
        {
            mpv ??= await MpvControl.ConnectAsync(control, stop);
            string wanted = text();
            if (mpv is not null && wanted != shown
                && await mpv.AskAsync(new { name = "osd-overlay", id = 1, format = "ass-events", data = wanted, res_x = 1280, res_y = 720 }, stop) is not null)
            {
                shown = wanted;
            }

            await Waits.PauseAsync(TimeSpan.FromMilliseconds(mpv is null ? 100 : 250), time, stop);
        }

        mpv?.Dispose();
    }
}
