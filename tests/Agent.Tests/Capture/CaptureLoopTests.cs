using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.TestKit;

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
        var recording = new LocalRecording(new RecordingOptions(), folder.Path, new HubClock(TimeProvider.System), TimeProvider.System, NullLogger.Instance);
        capture.Add(new Collector(frames));
        capture.Add(recording);
        using var stop = new CancellationTokenSource();
        using IDisposable hold = capture.Open(CaptureReason.Lesson);
        recording.Set(true);
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
    public async Task CameraIsOpenOnlyWhileItIsHeld_AStillOpensItForItself_AndNothingIsKeptOutsideALesson()
    {
        using var folder = new TemporaryFolder();
        var capture = new CaptureLoop(new SourceSpec(SourceKind.Test), new CaptureOptions { Width = 1280, Height = 720 }, TimeProvider.System, NullLogger.Instance);
        var recording = new LocalRecording(new RecordingOptions(), folder.Path, new HubClock(TimeProvider.System), TimeProvider.System, NullLogger.Instance);
        var still = new CaptureStill(capture, "ffmpeg", TimeProvider.System, NullLogger.Instance);
        capture.Add(recording);
        using var stop = new CancellationTokenSource();
        Task running = Task.WhenAll(capture.RunAsync(stop.Token), recording.RunAsync(stop.Token));
        Assert.Equal((false, 0), (capture.IsOpen, capture.Starts));

        byte[]? picture = await still.TakeAsync(stop.Token);
        Assert.NotNull(picture);
        Assert.True(picture.AsSpan().StartsWith((byte[])[0xff, 0xd8, 0xff]));
        Assert.Equal((360, 640), SizeOf(picture));
        Assert.Equal((false, false, 1), (capture.IsOpen, capture.VideoFlows, capture.Starts));

        var held = new LessonCapture(capture, recording);
        held.Follow(captures: true, records: false);
        await Until.TrueAsync(() => capture.VideoFlows);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "recordings")));
        held.Follow(captures: true, records: true);
        await Until.TrueAsync(() => recording.Writes);
        held.Follow(captures: false, records: true);
        Assert.False(capture.IsOpen);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "recordings")));
        await Until.TrueAsync(() => IsClosed(file));
        await stop.CancelAsync();
        await running;
        Assert.Equal(2, capture.Starts);
    }

    private static bool IsClosed(string file)
    {
        try
        {
            using var all = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Height and width from the frame header (SOF0, ITU-T T.81 B.2.2).</summary>
    private static (int Height, int Width) SizeOf(byte[] jpeg)
    {
        int at = jpeg.AsSpan().IndexOf((byte[])[0xff, 0xc0]) + 5;
        return ((jpeg[at] << 8) | jpeg[at + 1], (jpeg[at + 2] << 8) | jpeg[at + 3]);
    }

    [Theory]
    [InlineData(0x24, true)] // H.265, a network camera's factory setting
    [InlineData(0x02, true)] // MPEG-2
    [InlineData(0x1B, false)] // H.264
    public void PictureTrackThatLessonsCannotCarry_IsNoticed(int streamType, bool noticed)
    {
        bool told = false;
        var reader = new TransportStreamReader(_ => { }, null, () => told = true);
        reader.OnBytes(Table(0, [0, 0, 0xB0, 13, 0, 1, 0xC1, 0, 0, 0, 1, 0xE1, 0x00]));
        reader.OnBytes(Table(0x100, [0, 2, 0xB0, 18, 0, 1, 0xC1, 0, 0, 0xE1, 0x01, 0xF0, 0, (byte)streamType, 0xE1, 0x01, 0xF0, 0, 0, 0, 0, 0]));
        Assert.Equal(noticed, told);
    }

    /// <summary>One packet that begins a section.</summary>
    private static byte[] Table(int pid, byte[] payload)
    {
        byte[] packet = new byte[188];
        Array.Fill(packet, (byte)0xFF);
        (packet[0], packet[1], packet[2], packet[3]) = (0x47, (byte)(0x40 | (pid >> 8)), (byte)pid, 0x10);
        payload.CopyTo(packet, 4);
        return packet;
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
