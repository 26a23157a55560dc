using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Agent.Tests.Capture;

/// <summary>With the real FFmpeg, which captures, encodes and decodes; only the watch's own clock is the test's.</summary>
public sealed class PictureWatchTests
{
    private const string Still = "mandelbrot=size=320x180:rate=10:maxiter=60,select=eq(n\\,0),loop=loop=-1:size=1:start=0,setpts=N/(10*TB)";

    [Theory]
    [InlineData("color=black:size=320x180:rate=10,noise=alls=12:allf=t", false, FaultKind.PictureBlack)]
    [InlineData(Still, true, FaultKind.PictureFrozen)]
    [InlineData(Still + ",noise=alls=5:allf=t", true, null)]
    public async Task PictureOfALesson_IsWhatItIs(string picture, bool mayFreeze, FaultKind? found)
    {
        using var folder = new TemporaryFolder();
        string film = await Films.MakeAsync(folder.Path, picture, "anullsrc", seconds: 3);
        var time = new ManualTime();
        bool live = true;
        var options = new CaptureOptions { Width = 320, Height = 180, FramesPerSecond = 10 };
        var capture = new CaptureLoop(new SourceSpec(SourceKind.File, film), options, TimeProvider.System, NullLogger.Instance);
        var watch = new PictureWatch(capture, "ffmpeg", mayFreeze, () => live, time, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        using IDisposable hold = capture.Open(CaptureReason.Lesson);
        Task running = capture.RunAsync(stop.Token);
        await Until.TrueAsync(() => capture.VideoFlows);
        for (int i = 0; i < 2; i++)
        {
            time.Advance(PictureJudge.FrozenAfter);
            await watch.StepAsync(stop.Token);
        }

        Assert.Equal(found, watch.Seen?.Fault);
        Assert.Equal(1, capture.Starts);
        live = false;
        await watch.StepAsync(stop.Token);
        Assert.Null(watch.Seen);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task WithoutPicture_OrWithoutTheProgram_NothingIsSaid()
    {
        using var folder = new TemporaryFolder();
        string film = await Films.MakeAsync(folder.Path, "color=black:size=320x180:rate=10", "anullsrc", seconds: 2);
        var capture = new CaptureLoop(
            new SourceSpec(SourceKind.File, film), new CaptureOptions { Width = 320, Height = 180, FramesPerSecond = 10 }, TimeProvider.System, NullLogger.Instance);
        var watch = new PictureWatch(capture, Path.Combine(folder.Path, "no-such-program"), true, () => true, new ManualTime(), NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        await watch.StepAsync(stop.Token);
        Assert.Null(watch.Seen);
        using IDisposable hold = capture.Open(CaptureReason.Lesson);
        Task running = capture.RunAsync(stop.Token);
        await Until.TrueAsync(() => capture.VideoFlows);
        await watch.StepAsync(stop.Token);
        await watch.StepAsync(stop.Token);
        Assert.Null(watch.Seen);
        await stop.CancelAsync();
        await running;
    }
}
