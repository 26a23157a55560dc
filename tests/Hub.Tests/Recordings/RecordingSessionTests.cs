using System.Buffers.Binary;
using ThreeClassrooms.Hub.Recordings;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Tests.Recordings;

public sealed class RecordingSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("recordings-").FullName;
    private readonly TapQueue _queue = new(new StreamKey(Guid.NewGuid(), "host-camera"), () => { });
    private readonly List<RecordingPart> _parts = [];
    private readonly RecordingSession _session;
    private MonoTime _now = new(10_000_000_000);
    private long _sequence = 70_000;
    private uint _timestamp = 1000;

    public RecordingSessionTests() => _session = new RecordingSession(_queue, Open, (part, _) =>
    {
        part.Finish();
        part.Dispose();
    });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Stream_BecomesOneFileOfItsLength()
    {
        _queue.OnPublisher(Camera(CodecKind.Vp8));
        Play(seconds: 10);
        _queue.Dispose();
        Assert.False(_session.Serve(_now, end: false));

        MatroskaScanner scan = Scan(Assert.Single(_parts));
        Assert.Equal(["V_VP8", "A_OPUS"], scan.Codecs);
        Assert.InRange(scan.End.TotalSeconds, 9.8, 10.1);
    }

    [Fact]
    public void WhatIsOnTheDisk_IsNeverMoreThanASecondBehind()
    {
        _queue.OnPublisher(Camera(CodecKind.Vp8));
        for (int second = 1; second <= 8; second++)
        {
            Play(seconds: 1);
            MatroskaScanner scan = Scan(_parts[0]); // what a crash here would leave
            Assert.InRange(scan.End.TotalSeconds, second - 1.0, second);
        }
    }

    [Fact]
    public void LatePacket_TakesItsPlace_AndLostOneCostsOnlyItsFrames()
    {
        _queue.OnPublisher(Camera(CodecKind.Vp8));
        Play(seconds: 2);
        _sequence++; // lost for good
        _timestamp += 3600;
        Play(seconds: 2, keyAt: 10);
        _queue.Dispose();
        _session.Serve(_now + TimeSpan.FromSeconds(1), end: false);

        var keys = new List<TimeSpan>();
        MatroskaScanner scan = Scan(_parts[0], block =>
        {
            if (block.Track == 1 && block.IsKey)
            {
                keys.Add(block.At);
            }
        });
        Assert.Equal(2, keys.Count);
        Assert.InRange(scan.End.TotalSeconds, 3.8, 4.2);
    }

    [Fact]
    public void PublisherThatComesBack_GoesOnInTheSameFile_OnOneTimeline()
    {
        _queue.OnPublisher(Camera(CodecKind.Vp8));
        Play(seconds: 2);
        _now += TimeSpan.FromSeconds(5);
        (_sequence, _timestamp) = (90_000, 4_000_000_000);
        _queue.OnPublisher(Camera(CodecKind.Vp8));
        Play(seconds: 2);
        _queue.Dispose();
        _session.Serve(_now, end: false);

        Assert.InRange(Scan(Assert.Single(_parts)).End.TotalSeconds, 8.7, 9.2);
    }

    [Fact]
    public void AnotherCodec_BeginsAnotherFile()
    {
        _queue.OnPublisher(Camera(CodecKind.Vp8));
        Play(seconds: 1);
        _queue.OnPublisher(Camera(CodecKind.H264));
        _session.Serve(_now, end: false);

        Assert.Equal([CodecKind.Vp8, CodecKind.H264], _parts.Select(p => p.VideoCodec!.Value));
    }

    [Fact]
    public void DiskThatStalls_DropsPackets_InsteadOfTakingAllMemory()
    {
        _queue.OnPublisher(Camera(CodecKind.Vp8));
        for (int i = 0; i < 20_000; i++)
        {
            _queue.OnPacket(MediaKind.Video, new StoredPacket { Sequence = 70_000 + i }, new byte[100]);
        }

        Assert.InRange(_queue.Dropped, 14_000, 19_999);
    }

    private static StreamDescription Camera(CodecKind codec) => new(
        new TrackDescription { Kind = MediaKind.Audio, Codecs = [new CodecDescription(CodecKind.Opus, 111)] },
        new TrackDescription { Kind = MediaKind.Video, Codecs = [new CodecDescription(codec, 96)] });

    private static MatroskaScanner Scan(RecordingPart part, Action<MatroskaBlock>? block = null)
    {
        var scanner = new MatroskaScanner { OnBlock = block };
        using var file = new FileStream(part.Row.FileName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        scanner.Feed(bytes);
        Assert.False(scanner.IsBroken);
        return scanner;
    }

    private RecordingPart Open(StreamKey key, in TapItem publisher, MonoTime start)
    {
        var row = new Recording { FileName = Path.Combine(_folder, $"{_parts.Count}.mkv"), StartedAt = DateTimeOffset.UnixEpoch };
        var part = new RecordingPart(row, row.FileName, publisher.Description!, start);
        _parts.Add(part);
        return part;
    }

    /// <summary>25 pictures and 50 sounds a second.</summary>
    private void Play(int seconds, int keyAt = 0)
    {
        for (int i = 0; i < seconds * 25; i++)
        {
            Picture(i == keyAt);
            Sound(0);
            Sound(20);
            _now += TimeSpan.FromMilliseconds(40);
            Assert.True(_session.Serve(_now, end: false));
        }
    }

    private void Picture(bool key)
    {
        var payload = new byte[120];
        payload[0] = 0x10;
        payload[1] = (byte)(key ? 0x10 : 0x11); // show_frame, first partition
        if (key)
        {
            (payload[4], payload[5], payload[6]) = (0x9D, 0x01, 0x2A);
            BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(7), 640);
            BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(9), 360);
        }

        _queue.OnPacket(
            MediaKind.Video,
            new StoredPacket { Sequence = _sequence++, Timestamp = _timestamp, Marker = true, Arrived = _now, KeyFrameStart = key }, payload);
        _timestamp = unchecked(_timestamp + 3600);
    }

    private long _sound = 80_000;

    private void Sound(int milliseconds)
    {
        _queue.OnPacket(
            MediaKind.Audio,
            new StoredPacket { Sequence = _sound, Timestamp = unchecked((uint)(_sound * 960)), Arrived = _now + TimeSpan.FromMilliseconds(milliseconds) },
            [0xFC, 1, 2, 3]);
        _sound++;
    }
}
