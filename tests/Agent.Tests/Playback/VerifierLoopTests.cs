using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Tests.Enrolment;

namespace ThreeClassrooms.Agent.Tests.Playback;

public sealed class VerifierLoopTests
{
    [Fact]
    public async Task DecoderThatNeverTellsTimes_ItsPicturesAreCountedAllTheSame()
    {
        using var folder = new TemporaryFolder();
        string decoder = Path.Combine(folder.Path, "decoder");
        File.WriteAllText(decoder, "#!/bin/sh\nexec cat /dev/zero\n");
        File.SetUnixFileMode(decoder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var meter = new ReceptionMeter(TimeSpan.Zero);
        var loop = new VerifierLoop(decoder, folder.Path, new FramePipe(), [meter], TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        Task running = loop.RunAsync(stop.Token);

        int pictures = 0;
        Assert.True(SpinWait.SpinUntil(() => (pictures += loop.Locked(() => meter.Read(TimeSpan.Zero)).Frames) > 100, TimeSpan.FromSeconds(30)), $"{pictures} pictures");
        await stop.CancelAsync();
        await running;
    }
}
