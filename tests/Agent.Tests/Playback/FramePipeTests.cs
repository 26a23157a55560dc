using System.Buffers;
using System.IO.Pipelines;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Playback;

namespace ThreeClassrooms.Agent.Tests.Playback;

public sealed class FramePipeTests
{
    private static readonly MediaFrame Key = Frame(true);

    [Fact]
    public async Task NobodyReads_NoKeyFrameIsAskedFor()
    {
        var pipe = new FramePipe();
        pipe.OnFormat(VideoFormat.Vp8, hasAudio: false);
        Assert.False(pipe.WantsKeyFrame);
        using var stop = new CancellationTokenSource();
        Task pump = pipe.PumpAsync(Stream.Null, stop.Token);
        Assert.True(pipe.WantsKeyFrame);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump);
        Assert.False(pipe.WantsKeyFrame);
    }

    [Fact]
    public async Task NextChildComesAfterTheLastKeyFrame_AnotherIsAskedForUntilItComes()
    {
        var pipe = new FramePipe();
        pipe.OnFormat(VideoFormat.Vp8, hasAudio: false);
        using (var stopFirst = new CancellationTokenSource())
        {
            Task first = pipe.PumpAsync(Stream.Null, stopFirst.Token);
            pipe.OnFrame(Key);
            await stopFirst.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        }

        using var stop = new CancellationTokenSource();
        var bytes = new Pipe();
        Task pump = pipe.PumpAsync(bytes.Writer.AsStream(), stop.Token);
        pipe.OnFrame(Frame(false));
        Assert.True(pipe.WantsKeyFrame);
        pipe.OnFrame(Key);
        Assert.False(pipe.WantsKeyFrame);
        ReadResult read = await bytes.Reader.ReadAsync();
        Assert.False(read.Buffer.IsEmpty);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump);
    }

    [Fact]
    public async Task ChildFallsBehind_KeyFrameIsAskedFor()
    {
        var pipe = new FramePipe();
        pipe.OnFormat(VideoFormat.Vp8, hasAudio: false);
        using var stop = new CancellationTokenSource();
        var stuck = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        Task pump = pipe.PumpAsync(stuck.Writer.AsStream(), stop.Token);
        pipe.OnFrame(Key);
        for (int i = 0; i < 1000; i++)
        {
            pipe.OnFrame(Frame(false));
        }

        Assert.True(pipe.WantsKeyFrame);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump);
    }

    [Fact]
    public async Task OtherCodec_EndsTheChildsStream_TheNextChildBeginsWithItsKeyFrame()
    {
        var pipe = new FramePipe();
        pipe.OnFormat(VideoFormat.H264, hasAudio: false);
        var first = new Pipe();
        Task pump = pipe.PumpAsync(first.Writer.AsStream(), default);
        pipe.OnFrame(new MediaFrame(TrackKind.Video, TimeSpan.Zero, true, SampleH264Key));
        Assert.Contains("V_MPEG4/ISO/AVC", await TextAsync(first), StringComparison.Ordinal);

        pipe.OnFormat(VideoFormat.Vp8, hasAudio: false);
        Assert.True(pipe.WantsKeyFrame);
        pipe.OnFrame(Frame(false));
        pipe.OnFrame(Key);
        await pump.WaitAsync(TimeSpan.FromSeconds(10));

        using var stop = new CancellationTokenSource();
        var second = new Pipe();
        Task next = pipe.PumpAsync(second.Writer.AsStream(), stop.Token);
        Assert.Contains("V_VP8", await TextAsync(second), StringComparison.Ordinal);
        Assert.False(pipe.WantsKeyFrame);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task FirstChildComesLate_BeginsWithTheNewestKeyFrame()
    {
        var pipe = new FramePipe();
        pipe.OnFormat(VideoFormat.Vp8, hasAudio: false);
        for (int second = 0; second < 30; second++)
        {
            pipe.OnFrame(Key with { At = TimeSpan.FromSeconds(second) });
            for (int i = 1; i < 25; i++)
            {
                pipe.OnFrame(Frame(false) with { At = TimeSpan.FromSeconds(second) + TimeSpan.FromMilliseconds(40 * i) });
            }
        }

        using var stop = new CancellationTokenSource();
        Task pump = pipe.PumpAsync(Stream.Null, stop.Token);
        // What was waiting ends less than a second after its beginning: it began with the last key frame.
        Assert.True(SpinWait.SpinUntil(() => pipe.NewestAt == TimeSpan.FromMilliseconds(960), TimeSpan.FromSeconds(10)), $"{pipe.NewestAt}");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump);
    }

    [Fact]
    public async Task FirstChildComesLate_TheOnlyKeyFrameWasLongAgo_AnotherIsAskedFor_AndItBeginsThere()
    {
        var pipe = new FramePipe();
        pipe.OnFormat(VideoFormat.Vp8, hasAudio: false);
        pipe.OnFrame(Key); // a browser sends no other unless it is asked
        for (int i = 1; i < 1000; i++)
        {
            pipe.OnFrame(Frame(false) with { At = TimeSpan.FromMilliseconds(40 * i) });
        }

        using var stop = new CancellationTokenSource();
        Task pump = pipe.PumpAsync(Stream.Null, stop.Token);
        Assert.True(pipe.WantsKeyFrame);
        pipe.OnFrame(Key with { At = TimeSpan.FromSeconds(41) });
        pipe.OnFrame(Frame(false) with { At = TimeSpan.FromSeconds(41.5) });
        Assert.True(SpinWait.SpinUntil(() => pipe.NewestAt == TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10)), $"{pipe.NewestAt}");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump);
    }

    [Fact]
    public async Task NobodyReads_TheQueueRunsOver_TheNextKeyFrameBeginsAnew()
    {
        var pipe = new FramePipe();
        pipe.OnFormat(VideoFormat.Vp8, hasAudio: false);
        pipe.OnFrame(Key);
        for (int i = 1; i < 1000; i++)
        {
            pipe.OnFrame(Frame(false) with { At = TimeSpan.FromMilliseconds(40 * i) });
        }

        pipe.OnFrame(Key with { At = TimeSpan.FromSeconds(41) });
        pipe.OnFrame(Frame(false) with { At = TimeSpan.FromSeconds(41.5) });
        using var stop = new CancellationTokenSource();
        Task pump = pipe.PumpAsync(Stream.Null, stop.Token);
        Assert.True(SpinWait.SpinUntil(() => pipe.NewestAt == TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10)), $"{pipe.NewestAt}");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump);
    }

    /// <summary>Length-prefixed parameter sets and a slice, as the peer hands them on.</summary>
    private static byte[] SampleH264Key =>
    [
        0, 0, 0, 10, 0x67, 0x42, 0xC0, 0x0A, 0xDA, 0x0F, 0x0A, 0x68, 0x40, 0x00, 0, 0, 0, 4, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0, 4, 0x65, 0x88, 0x84, 0x00,
    ];

    private static async Task<string> TextAsync(Pipe pipe)
    {
        ReadResult read = await pipe.Reader.ReadAsync();
        return System.Text.Encoding.Latin1.GetString(read.Buffer.ToArray());
    }

    private static MediaFrame Frame(bool key) =>
        // A VP8 frame's head: its first bit says whether it is a key frame; a key frame carries its size.
        new(TrackKind.Video, TimeSpan.Zero, key, key ? new byte[] { 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xB4, 0x00 } : [0x11, 0, 0]);
}
