using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

public sealed class FlowCheckTests
{
    [Fact]
    public async Task PicturesOfALessonThatAreNotKept_AreALostRecording_OutsideOneTheyAreNot()
    {
        using var folder = new TemporaryFolder();
        string blocked = Path.Combine(folder.Path, "data");
        Directory.CreateDirectory(blocked);
        await File.WriteAllTextAsync(Path.Combine(blocked, "recordings"), "not a folder");
        var time = new ManualTime();
        var clock = new HubClock(time);
        var source = new SourceSpec(SourceKind.Test);
        var capture = new CaptureLoop(source, new CaptureOptions { Width = 160, Height = 90, FramesPerSecond = 10 }, TimeProvider.System, NullLogger.Instance);
        var recording = new LocalRecording(new RecordingOptions(), blocked, clock, TimeProvider.System, NullLogger.Instance);
        capture.Add(recording);
        var readiness = new ReadinessCheck(capture, source, PlaybackMode.None, new RecordingOptions(), blocked, clock);
        var flows = new FlowCheck(new FlowSources(readiness, capture, () => true, recording, () => null, () => false), time);
        using var stop = new CancellationTokenSource();
        Task running = Task.WhenAll(capture.RunAsync(stop.Token), recording.RunAsync(stop.Token));
        Assert.Null(flows.Now().Recorded); // nothing flows yet
        using IDisposable hold = capture.Open(CaptureReason.Lesson);
        recording.Set(true);
        await Until.TrueAsync(() => capture.VideoFlows);
        Assert.Null(flows.Now().Recorded);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.False(flows.Now().Recorded);
        recording.Set(false);
        Assert.Null(flows.Now().Recorded);
        await stop.CancelAsync();
        await running;
    }
}
