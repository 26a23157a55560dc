using ThreeClassrooms.Hub.Recordings;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Tests.Recordings.Zoo;

/// <summary>One recording as the hub makes it, from the published stream to the file.</summary>
internal sealed class ZooRecord
{
    private readonly RecordingSession _session;

    public ZooRecord(string path)
    {
        Path = path;
        var queue = new TapQueue(new StreamKey(Guid.NewGuid(), "host-camera"), () => { });
        Cursor = new RecordingCursor(queue);
        _session = new RecordingSession(queue, Open, (part, _) =>
        {
            part.Finish();
            part.Dispose();
        });
    }

    public string Path { get; }

    public RecordingCursor Cursor { get; }

    public int Sounds
    {
        get
        {
            int sounds = 0;
            new MatroskaScanner { OnBlock = b => sounds += b.Track == 2 ? 1 : 0 }.Feed(File.ReadAllBytes(Path));
            return sounds;
        }
    }

    public void Pump(MonoTime now)
    {
        Cursor.Pump();
        _session.Serve(now, end: false);
    }

    public void End(MonoTime now)
    {
        Cursor.Dispose();
        _session.Serve(now, end: false);
    }

    private RecordingPart Open(StreamKey key, in TapItem publisher, MonoTime start) =>
        new(new Recording { FileName = Path, StartedAt = DateTimeOffset.UnixEpoch }, Path, publisher.Description!, start);
}
