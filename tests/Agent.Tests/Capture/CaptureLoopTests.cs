using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Tests.Enrolment;

namespace ThreeClassrooms.Agent.Tests.Capture;

/// <summary>With the real FFmpeg: what comes out of its transport stream are whole, timed frames.</summary>
public class CaptureLoopTests
{
    [Fact]
    public async Task TestSource_GivesPicturesAndSoundOnOneTimeline_AndARecordingThatPlays()
    {
        using var folder = new TemporaryFolder();
        var frames = new BlockingCollection<MediaFrame>();
        var capture = new CaptureLoop(new SourceSpec(SourceKind.Test), new CaptureOptions { Width = 320, Height = 180 }, TimeProvider.System, NullLogger.Instance);
        var recording = new LocalRecording(new RecordingOptions(), folder.Path, () => true, TimeProvider.System, NullLogger.Instance);
        capture.Add(new Collector(frames));
        capture.Add(recording);
        using var stop = new CancellationTokenSource();
        Task running = Task.WhenAll(capture.RunAsync(stop.Token), recording.RunAsync(stop.Token));

        List<MediaFrame> video = [], audio = [];
        while (video.Count < 40 || audio.Count < 60)
        {
            Assert.True(frames.TryTake(out MediaFrame? frame, TimeSpan.FromSeconds(30)));
            (frame.Track == TrackKind.Video ? video : audio).Add(frame);
        }

        await stop.CancelAsync();
        await running;

        Assert.True(video[0].Key);
        Assert.Equal(25, video.FindIndex(1, f => f.Key));
        Assert.All(video.Zip(video.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At).TotalMilliseconds, 39, 41));
        Assert.All(audio.Zip(audio.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At).TotalMilliseconds, 19, 21));
        Assert.InRange((video[0].At - audio[0].At).Duration().TotalMilliseconds, 0, 60);
        Assert.True(new FileInfo(Directory.GetFiles(Path.Combine(folder.Path, "recordings")).Single()).Length > 10_000);
    }

    [Fact]
    public void TransportStreamOfAnyBytes_IsSkippedWithoutHarm()
    {
        int count = 0;
        var reader = new TransportStreamReader(_ => count++);
        var random = new Random(5);
        byte[] noise = new byte[188 * 500];
        random.NextBytes(noise);
        for (int i = 0; i < noise.Length; i += 188)
        {
            noise[i] = 0x47;
            noise[i + 1] &= 0x40;
            noise[i + 2] &= 0x01;
        }

        for (int at = 0; at < noise.Length; at += 1000)
        {
            reader.OnBytes(noise.AsSpan(at, Math.Min(1000, noise.Length - at)));
        }

        Assert.Equal(0, count);
    }

    private sealed class Collector(BlockingCollection<MediaFrame> frames) : IFrameSink
    {
        public void OnFrame(MediaFrame frame) => frames.Add(frame);
    }
}
