using System.Diagnostics;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Payload;

namespace ThreeClassrooms.Media.Tests.Payload;

/// <summary>Encoded media made by FFmpeg once per run: real encoders' output without binary files in the repository.</summary>
internal static class SampleMedia
{
    private const string Pattern = "-f lavfi -i testsrc2=size=320x240:rate=25:duration=4";

    private static readonly Lazy<IReadOnlyList<byte[]>> LazyH264 = new(() => SplitAtDelimiters(
        Ffmpeg($"{Pattern} -c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -g 25 -bf 0 -x264-params aud=1:slices=2 -f h264 pipe:1")));

    private static readonly Lazy<IReadOnlyList<byte[]>> LazyLargeH264 = new(() => SplitAtDelimiters(
        Ffmpeg("-f lavfi -i testsrc2=size=640x360:rate=25:duration=1 -c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -g 25 -bf 0 -x264-params aud=1 -f h264 pipe:1")));

    private static readonly Lazy<byte[]> LazyWebm = new(() =>
        Ffmpeg($"{Pattern} -f lavfi -i sine=frequency=440:duration=4 -c:v libvpx -deadline realtime -g 25 -c:a libopus -frame_duration 20 -live 1 -f webm pipe:1"));

    /// <summary>100 access units of 320×240 in annex B form, two slices each, a key frame with parameter sets every 25.</summary>
    public static IReadOnlyList<byte[]> H264 => LazyH264.Value;

    /// <summary>25 access units of 640×360.</summary>
    public static IReadOnlyList<byte[]> LargeH264 => LazyLargeH264.Value;

    /// <summary>A WebM of another writer with VP8 (track 1) and Opus (track 2).</summary>
    public static byte[] Webm => LazyWebm.Value;

    public static IReadOnlyList<byte[]> Vp8 => Frames(1);

    public static IReadOnlyList<byte[]> Opus => Frames(2);

    /// <summary>An access unit as the recorder takes it.</summary>
    public static byte[] LengthPrefixed(byte[] annexB)
    {
        var output = new MemoryStream();
        foreach (ReadOnlySpan<byte> unit in new NalReader(annexB, NalForm.AnnexB))
        {
            if (NalType.Of(unit[0]) != NalType.Delimiter)
            {
                output.Write([(byte)(unit.Length >> 24), (byte)(unit.Length >> 16), (byte)(unit.Length >> 8), (byte)unit.Length]);
                output.Write(unit);
            }
        }

        return output.ToArray();
    }

    public static byte[] Ffmpeg(string arguments, byte[]? input = null)
    {
        (int code, byte[] output, string errors) = Run("ffmpeg", "-hide_banner -nostdin -loglevel error " + arguments, input);
        Assert.True(code == 0, errors);
        return output;
    }

    public static (int ExitCode, byte[] Output, string Errors) Run(string program, string arguments, byte[]? input = null)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task writing = Task.Run(() =>
        {
            try
            {
                process.StandardInput.BaseStream.Write(input ?? []);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program may stop reading before the end of a cut stream.
            }
        });
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        writing.Wait();
        return (process.ExitCode, output.ToArray(), errors.Result);
    }

    private static List<byte[]> Frames(int track) => FramesOf(Webm, track);

    /// <summary>The frames of one track of a Matroska or WebM file.</summary>
    public static List<byte[]> FramesOf(byte[] file, int track)
    {
        var frames = new List<byte[]>();
        new MatroskaScanner { OnBlock = b => { if (b.Track == track) { frames.Add(file.AsSpan((int)b.Offset, b.Length).ToArray()); } } }.Feed(file);
        return frames;
    }

    /// <summary>The access units of a stream in annex B form that begin with a delimiter each.</summary>
    public static List<byte[]> SplitAtDelimiters(byte[] stream)
    {
        var units = new List<byte[]>();
        int start = -1;
        for (int i = 0; i + 5 < stream.Length; i++)
        {
            if (stream.AsSpan(i).StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]) && NalType.Of(stream[i + 4]) == NalType.Delimiter)
            {
                if (start >= 0)
                {
                    units.Add(stream[start..i]);
                }

                start = i;
            }
        }

        units.Add(stream[start..]);
        return units;
    }
}
