using System.Buffers;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Tests.Payload;

namespace ThreeClassrooms.Media.Tests.Matroska;

public sealed class MatroskaWriterTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Packet = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(CodecKind.H264)]
    [InlineData(CodecKind.Vp8)]
    public void WholeFile_DecodesWithoutError_AndHasEveryFrame(CodecKind codec)
    {
        byte[] file = Record(new MatroskaOptions { Video = codec, Channels = 1, Start = DateTimeOffset.UnixEpoch });

        (int code, byte[] output, string errors) = SampleMedia.Run("ffprobe", "-v error -count_frames -show_entries stream=codec_name,width,height,nb_read_frames -of csv=p=0 -", file);
        string text = Encoding.ASCII.GetString(output);
        Assert.True(code == 0 && errors.Length == 0, errors);
        Assert.Contains(codec == CodecKind.H264 ? "h264,320,240,100" : "vp8,320,240,100", text);
        Assert.Contains("opus,", text);
        Assert.Empty(SampleMedia.Run("ffmpeg", "-v warning -i - -f null -", file).Errors);
    }

    [Fact]
    public void FileCutAnywhere_IsDecodedByFfmpeg_UpToItsLastWholeCluster()
    {
        byte[] file = Record(new MatroskaOptions { Video = CodecKind.H264, Channels = 1 });
        int offset = file.Length * 5 / 8;
        MatroskaScanner scan = Scan(file.AsSpan(0, offset));
        Assert.InRange(scan.End.TotalSeconds, 1, 3.5);

        (_, byte[] output, _) = SampleMedia.Run("ffprobe", "-v quiet -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 -", file[..offset]);
        int frames = int.Parse(Encoding.ASCII.GetString(output).Trim(), CultureInfo.InvariantCulture);
        int whole = 0;
        new MatroskaScanner { OnBlock = b => whole += b.Track == 1 ? 1 : 0 }.Feed(file.AsSpan(0, (int)scan.WholeLength));
        Assert.True(frames >= whole && whole > 25, $"{frames} decoded, {whole} in whole clusters");
    }

    [Fact]
    public void FileCutAtAnyOffset_LosesAtMostOneCluster()
    {
        byte[] file = Record(new MatroskaOptions { Video = CodecKind.Vp8 });
        var ends = new List<(long Offset, TimeSpan At)>();
        new MatroskaScanner { OnBlock = b => ends.Add((b.Offset + b.Length, b.At)) }.Feed(file);
        var random = new Random(7);
        for (int i = 0; i < 400; i++)
        {
            int offset = random.Next((int)ends[0].Offset, file.Length + 1);
            MatroskaScanner cut = Scan(file.AsSpan(0, offset));
            Assert.False(cut.IsBroken);
            Assert.InRange(cut.WholeLength, 0, offset);
            TimeSpan onDisk = ends.Where(e => e.Offset <= offset).Max(e => e.At);
            TimeSpan kept = Scan(file.AsSpan(0, (int)cut.WholeLength)).End;
            Assert.True(onDisk - kept <= TimeSpan.FromSeconds(1.05), $"cut at {offset}: {onDisk} on disk, {kept} kept");
            Assert.Equal(cut.WholeLength, Scan(file.AsSpan(0, (int)cut.WholeLength)).WholeLength);
        }
    }

    [Fact]
    public void EveryFlush_EndsWithAWholeCluster_NoOlderThanOneSecond()
    {
        var writer = new MatroskaWriter(new MatroskaOptions { Video = CodecKind.H264 });
        var file = new ArrayBufferWriter<byte>();
        IReadOnlyList<byte[]> pictures = [.. SampleMedia.H264.Select(SampleMedia.LengthPrefixed)];
        for (int i = 0; i < pictures.Count; i++)
        {
            writer.OnVideo(pictures[i], Frame * i, i % 25 == 0);
            if (writer.Take(file) > 0 && i > 0)
            {
                MatroskaScanner scan = Scan(file.WrittenSpan);
                Assert.Equal(file.WrittenCount, scan.WholeLength);
                Assert.InRange((writer.End - scan.End).TotalSeconds, 0, 1);
            }
        }
    }

    [Fact]
    public void QuietStream_IsFlushedByTime()
    {
        var writer = new MatroskaWriter(new MatroskaOptions { Video = null });
        var file = new ArrayBufferWriter<byte>();
        writer.OnAudio([1, 2, 3], TimeSpan.Zero);
        writer.OnTime(TimeSpan.FromSeconds(0.9));
        writer.Take(file);
        Assert.Equal(0, Scan(file.WrittenSpan).Blocks);
        writer.OnTime(TimeSpan.FromSeconds(1));
        writer.Take(file);
        Assert.Equal(1, Scan(file.WrittenSpan).Blocks);
    }

    [Fact]
    public void SoundBeforeTheFirstKeyFrame_IsKept_InOrder()
    {
        var writer = new MatroskaWriter(new MatroskaOptions { Video = CodecKind.Vp8 });
        writer.OnAudio([9], TimeSpan.FromMilliseconds(10));
        writer.OnVideo(SampleMedia.Vp8[1], TimeSpan.FromMilliseconds(20), isKey: false);
        writer.OnVideo(SampleMedia.Vp8[0], TimeSpan.FromMilliseconds(60), isKey: true);
        writer.Finish();
        Assert.Equal([(2, 10.0), (1, 60.0)], Blocks(writer).Select(b => (b.Track, b.At.TotalMilliseconds)));
    }

    [Theory]
    [InlineData(CodecKind.H264)]
    [InlineData(CodecKind.Vp8)]
    public void PictureThatComesLongAfterTheSound_IsInTheSameFile_AndDecodes(CodecKind codec)
    {
        var writer = new MatroskaWriter(new MatroskaOptions { Video = codec, Channels = 1, HeaderWait = TimeSpan.FromSeconds(1) });
        var file = new ArrayBufferWriter<byte>();
        foreach (int i in Enumerable.Range(0, 190))
        {
            writer.OnAudio(SampleMedia.Opus[i], Packet * i);
        }

        Assert.True(writer.HasHead);
        byte[][] pictures = codec == CodecKind.Vp8 ? [.. SampleMedia.Vp8] : [.. SampleMedia.H264.Select(SampleMedia.LengthPrefixed)];
        for (int i = 24; i < 75; i++)
        {
            writer.OnVideo(pictures[i], TimeSpan.FromSeconds(3.8) + (Frame * i), isKey: i % 25 == 0);
        }

        writer.Finish();
        writer.Take(file);
        (_, byte[] output, string errors) = SampleMedia.Run(
            "ffprobe", "-v error -select_streams v -show_entries frame=width -of csv=p=0 -", file.WrittenSpan.ToArray());
        Assert.Equal(50, Encoding.ASCII.GetString(output).Split('\n').Count(l => l.StartsWith("320", StringComparison.Ordinal)));
        Assert.Empty(errors);
        Assert.Equal(190 + 50, Scan(file.WrittenSpan).Blocks);
    }

    [Fact]
    public void ChangeOfResolution_StaysInTheSameFile_AndDecodes()
    {
        var writer = new MatroskaWriter(new MatroskaOptions { Video = CodecKind.H264, Audio = false });
        var file = new ArrayBufferWriter<byte>();
        byte[][] pictures = [.. SampleMedia.H264.Take(25).Concat(SampleMedia.LargeH264).Select(SampleMedia.LengthPrefixed)];
        for (int i = 0; i < pictures.Length; i++)
        {
            writer.OnVideo(pictures[i], Frame * i, i % 25 == 0);
        }

        writer.Finish();
        writer.Take(file);
        (_, byte[] output, string errors) = SampleMedia.Run("ffprobe", "-v error -show_entries frame=width -of csv=p=0 -", file.WrittenSpan.ToArray());
        Assert.Empty(errors);
        string[] widths = Encoding.ASCII.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((25, 25), (widths.Count(w => w.StartsWith("320", StringComparison.Ordinal)), widths.Count(w => w.StartsWith("640", StringComparison.Ordinal))));
    }

    [Fact]
    public void LiveStream_HasEveryFrameAtOnce_AndDecodes()
    {
        var writer = new MatroskaWriter(new MatroskaOptions { Video = CodecKind.Vp8, Channels = 1, Live = true });
        var file = new ArrayBufferWriter<byte>();
        Feed(CodecKind.Vp8, writer, frames => { writer.Take(file); Assert.Equal(frames, Scan(file.WrittenSpan).Blocks); });
        Assert.Equal(file.WrittenCount, Scan(file.WrittenSpan).WholeLength);
        Assert.Empty(SampleMedia.Run("ffmpeg", "-v warning -i - -f null -", file.WrittenSpan.ToArray()).Errors);
    }

    [Fact]
    public void TimeNeverRunsBackwards_WithinATrack()
    {
        var writer = new MatroskaWriter(new MatroskaOptions { Video = null });
        foreach (int at in new[] { 100, 90, 2500, 2400, 70000 })
        {
            writer.OnAudio([1], TimeSpan.FromMilliseconds(at));
        }

        writer.Finish();
        Assert.Equal([100.0, 101, 2500, 2501, 70000], Blocks(writer).Select(b => b.At.TotalMilliseconds));
    }

    [Fact]
    public void NoTwoPicturesShareATime_WhateverTheTimelineSays()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>(), times =>
        {
            var writer = new MatroskaWriter(new MatroskaOptions { Video = CodecKind.Vp8, Audio = false });
            foreach (ushort at in times)
            {
                writer.OnVideo(SampleMedia.Vp8[0], TimeSpan.FromMilliseconds(at / 8), isKey: true);
            }

            writer.Finish();
            TimeSpan[] written = [.. Blocks(writer).Select(b => b.At)];
            return written.Length == times.Length && written.Zip(written.Skip(1)).All(p => p.First < p.Second);
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] Record(MatroskaOptions options)
    {
        var writer = new MatroskaWriter(options);
        Feed(options.Video!.Value, writer, _ => { });
        writer.Finish();
        return Bytes(writer);
    }

    private static void Feed(CodecKind codec, MatroskaWriter writer, Action<int> afterEach)
    {
        byte[][] pictures = codec == CodecKind.Vp8 ? [.. SampleMedia.Vp8] : [.. SampleMedia.H264.Select(SampleMedia.LengthPrefixed)];
        IReadOnlyList<byte[]> sounds = SampleMedia.Opus;
        int frames = 0;
        for (int i = 0; i < pictures.Length; i++)
        {
            bool key = codec == CodecKind.Vp8 ? (pictures[i][0] & 1) == 0 : i % 25 == 0;
            writer.OnVideo(pictures[i], Frame * i, key);
            afterEach(++frames);
            foreach (int s in new[] { i * 2, (i * 2) + 1 }.Where(s => s < sounds.Count))
            {
                writer.OnAudio(sounds[s], Packet * s);
                afterEach(++frames);
            }
        }
    }

    private static byte[] Bytes(MatroskaWriter writer)
    {
        var file = new ArrayBufferWriter<byte>();
        writer.Take(file);
        return file.WrittenSpan.ToArray();
    }

    private static List<MatroskaBlock> Blocks(MatroskaWriter writer)
    {
        var file = new ArrayBufferWriter<byte>();
        var copy = new List<MatroskaBlock>();
        writer.Take(file);
        new MatroskaScanner { OnBlock = copy.Add }.Feed(file.WrittenSpan);
        return copy;
    }

    private static MatroskaScanner Scan(ReadOnlySpan<byte> bytes)
    {
        var scanner = new MatroskaScanner();
        scanner.Feed(bytes);
        return scanner;
    }
}
