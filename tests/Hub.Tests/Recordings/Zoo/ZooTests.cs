using System.Globalization;
using System.Text;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Tests.Payload;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Tests.Recordings.Zoo;

/// <summary>
/// Publishers as they are found in the field, 4 s of each: who watches from the beginning, who comes in the fourth second, the record and one begun in the middle
/// are decoded by FFmpeg and show the picture.
/// </summary>
public sealed class ZooTests : IDisposable
{
    private const string Pattern = "-f lavfi -i testsrc2=size=320x240:rate=25:duration=4 ";
    private const int Pictures = 100;

    private static readonly Dictionary<string, Lazy<IReadOnlyList<byte[]>>> Encoded = [];

    private static readonly Dictionary<string, Habit> Habits = new()
    {
        ["as a browser"] = new(Habit.Baseline) { Sets = Sets.Aggregated },
        ["slices, as a browser"] = new(Habit.Sliced) { Sets = Sets.Aggregated },
        ["sets as packets of their own"] = new(Habit.Baseline),
        ["marker on every unit"] = new(Habit.Baseline) { Markers = Markers.EveryUnit },
        ["marker on every slice"] = new(Habit.Sliced) { Markers = Markers.EveryUnit },
        ["marker on every packet, fragments too"] = new(Habit.Sliced) { Markers = Markers.EveryPacket, MaxPayload = 300 },
        ["never a marker"] = new(Habit.Sliced) { Markers = Markers.Never },
        ["sets under the timestamp before"] = new(Habit.Baseline) { Sets = Sets.UnderTheTimestampBefore },
        ["sets under the timestamp before, marker on every slice"] = new(Habit.Sliced) { Sets = Sets.UnderTheTimestampBefore, Markers = Markers.EveryUnit },
        ["sets under the timestamp before, never a marker"] = new(Habit.Baseline) { Sets = Sets.UnderTheTimestampBefore, Markers = Markers.Never },
        ["sets once"] = new(Habit.Baseline) { Sets = Sets.Once },
        ["sets once, in fragments, marker on everything"] = new(Habit.Sliced) { Sets = Sets.Once, FragmentsAll = true, Markers = Markers.EveryPacket },
        ["sets once, behind a new source"] = new(Habit.Baseline) { Sets = Sets.Once, Change = Change.NewSourceWithLowerNumbers, MayLose = 25 },
        ["delimiters"] = new(Habit.Sliced) { Sets = Sets.AfterADelimiter },
        ["delimiters, never a marker"] = new(Habit.Baseline) { Sets = Sets.AfterADelimiter, Markers = Markers.Never },
        ["small units as fragments with both ends"] = new(Habit.Baseline) { FragmentsAll = true },
        ["fragments of 200 bytes"] = new(Habit.Baseline) { FragmentsAll = true, MaxPayload = 200 },
        ["everything aggregated"] = new(Habit.Sliced) { Aggregates = true },
        ["payloads of 1,440 bytes"] = new(Habit.Baseline) { MaxPayload = 1440 },
        ["SEI before, filler behind"] = new(Habit.Baseline) { Trimmings = true },
        ["padding on every packet"] = new(Habit.Baseline) { Padding = 17 },
        ["packets of padding alone"] = new(Habit.Baseline) { Probes = true },
        ["contributing sources and a foreign extension"] = new(Habit.Baseline) { HeavyHeaders = true },
        ["timestamps that stand still"] = new(Habit.Baseline) { TimestampStep = 0 },
        ["timestamps of a clock of 1 kHz"] = new(Habit.Baseline) { TimestampStep = 40 },
        ["timestamps over the wrap"] = new(Habit.Baseline) { FirstTimestamp = uint.MaxValue - 90_000 },
        ["numbers over the wrap"] = new(Habit.Baseline) { FirstNumber = 65_500 },
        ["new source with lower numbers"] = new(Habit.Baseline) { Change = Change.NewSourceWithLowerNumbers, MayLose = 25 },
        ["twenty new sources, but for a key frame none longer than a picture"] = new(Habit.Baseline) { Change = Change.TwentyNewSources, MayLose = 28 },
        ["new source of sound"] = new(Habit.Baseline) { Change = Change.NewSourceOfSound },
        ["numbers that leap ahead"] = new(Habit.Baseline) { Change = Change.NumbersLeapAhead, MayLose = 25 },
        ["main profile, CABAC"] = new("-c:v libx264 -profile:v main -preset ultrafast -tune zerolatency -g 25 -bf 0 -x264-params aud=1:cabac=1:scenecut=0"),
        ["high profile, 8x8"] = new("-c:v libx264 -profile:v high -preset veryfast -tune zerolatency -g 25 -bf 0 -x264-params aud=1:scenecut=0"),
        ["two references, both fields"] = new("-c:v libx264 -profile:v main -preset ultrafast -tune zerolatency -g 25 -bf 0 -refs 2 -x264-params aud=1:scenecut=0:interlaced=1"),
        ["key frames that are no IDR"] = new("-c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -g 25 -bf 0 -x264-params aud=1:scenecut=0:open-gop=1:repeat-headers=1"),
        ["VP8 as a browser"] = new(Habit.Vp8Camera),
        ["VP8 without picture ids"] = new(Habit.Vp8Camera) { PlainDescriptor = true },
        ["VP8, marker on every packet"] = new(Habit.Vp8Camera) { Markers = Markers.EveryPacket, MaxPayload = 300 },
        ["VP8, never a marker"] = new(Habit.Vp8Camera) { Markers = Markers.Never },
        ["VP8, new source with lower numbers"] = new(Habit.Vp8Camera) { Change = Change.NewSourceWithLowerNumbers, MayLose = 25 },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("zoo-").FullName;

    public static TheoryData<string> Names => [.. Habits.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Publisher_IsSeenAndRecorded(string name)
    {
        Habit habit = Habits[name];
        IReadOnlyList<byte[]> pictures = PicturesOf(habit.Encoder);
        var description = new StreamDescription(
            new TrackDescription { Kind = MediaKind.Audio, Codecs = [new CodecDescription(CodecKind.Opus, ZooPublisher.AudioType)] },
            new TrackDescription
            {
                Kind = MediaKind.Video,
                Codecs = [new CodecDescription(habit.IsVp8 ? CodecKind.Vp8 : CodecKind.H264, ZooPublisher.VideoType) { Feedback = RtcpFeedback.Nack | RtcpFeedback.Pli }],
            });
        var stream = new PublishedStream(description, 7);
        var publisher = new ZooPublisher(habit);
        var record = new ZooRecord(Path.Combine(_folder, "whole.mkv"));
        var lateRecord = new ZooRecord(Path.Combine(_folder, "late.mkv"));
        var watcher = new ZooWatcher(habit.IsVp8, 0x1234_5678_9ABC_DEF0);
        var late = new ZooWatcher(habit.IsVp8, 0x0FED_CBA9_8765_4321);
        var now = new MonoTime(5_000_000_000);
        record.Cursor.Attach(stream, hears: true);
        watcher.Subscription.Attach(stream);
        for (int i = 0; i < Pictures; i++)
        {
            Turn(habit.Change, i, publisher);
            if (i == 60)
            {
                lateRecord.Cursor.Attach(stream, hears: true);
            }

            if (i == 80)
            {
                late.Subscription.Attach(stream);
            }

            foreach (byte[] packet in publisher.Picture(pictures[i], i).Append(publisher.Sound(2 * i)).Append(publisher.Sound((2 * i) + 1)))
            {
                stream.OnRtp(packet, now);
            }

            for (int step = 0; step < 40; step++) // what joins late is paced
            {
                watcher.Pump(now);
                late.Pump(now);
                now += TimeSpan.FromMilliseconds(1);
            }

            record.Pump(now);
            lateRecord.Pump(now);
        }

        record.End(now);
        lateRecord.End(now);
        Assert.Multiple(
            () => Decodes("the record", record.Path, [], Pictures - habit.MayLose),
            () => Decodes("the record from the middle", lateRecord.Path, [], 25),
            () => Decodes("a watcher", null, watcher.Video(), Pictures - habit.MayLose),
            () => Decodes("a late watcher", null, late.Video(), 20),
            () => Assert.True(record.Sounds >= 195, $"{record.Sounds} sounds in the record"),
            () => Assert.True(watcher.Sounds >= 195, $"{watcher.Sounds} sounds at a watcher"),
            () => Assert.Empty(watcher.Gaps()),
            () => Assert.Empty(late.Gaps()));
    }

    private static void Turn(Change change, int picture, ZooPublisher publisher)
    {
        switch (change)
        {
            case Change.NewSourceWithLowerNumbers when picture == 50:
            case Change.TwentyNewSources when picture is > 20 and <= 45 && picture != 25:
                publisher.ChangeSource();
                break;
            case Change.NewSourceOfSound when picture == 50:
                publisher.ChangeSoundSource();
                break;
            case Change.NumbersLeapAhead when picture == 50:
                publisher.Leap();
                break;
            default:
                break;
        }
    }

    /// <summary>FFmpeg shows so many pictures of it, and has nothing to complain of.</summary>
    private static void Decodes(string whose, string? file, byte[] stream, int atLeast)
    {
        string input = file ?? (stream.AsSpan().StartsWith("DKIF"u8) ? "-f ivf -" : "-f h264 -");
        (int code, byte[] output, string errors) = SampleMedia.Run(
            "ffprobe", $"-v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 {input}", stream);
        string text = Encoding.ASCII.GetString(output).Trim().Trim(',');
        int frames = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;
        Assert.True(code == 0 && frames >= atLeast && errors.Length == 0, $"{whose}: {frames} of {atLeast} pictures; {errors}");
    }

    private static IReadOnlyList<byte[]> PicturesOf(string encoder)
    {
        lock (Encoded)
        {
            if (!Encoded.TryGetValue(encoder, out Lazy<IReadOnlyList<byte[]>>? pictures))
            {
                Encoded[encoder] = pictures = new Lazy<IReadOnlyList<byte[]>>(() => encoder.Contains("libvpx", StringComparison.Ordinal)
                    ? SampleMedia.FramesOf(SampleMedia.Ffmpeg(Pattern + encoder + " -live 1 -f webm pipe:1"), 1)
                    : SampleMedia.SplitAtDelimiters(SampleMedia.Ffmpeg(Pattern + encoder + " -f h264 pipe:1")));
            }

            return pictures.Value;
        }
    }
}
