using ThreeClassrooms.Contracts;
using ThreeClassrooms.Media.Forwarding;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>One open lesson on its loop: its streams, who has the floor, who is muted.</summary>
internal sealed class LessonRoom(Guid id)
{
    private readonly HashSet<string> _muted = new(StringComparer.Ordinal);

    public Guid Id { get; } = id;

    public Dictionary<string, RoomStream> Streams { get; } = new(StringComparer.Ordinal);

    public string? Floor { get; private set; }

    /// <summary>Nobody sees or hears anybody.</summary>
    public bool Paused { get; private set; }

    public bool Recording { get; set; }

    public void SetFloor(string? seat)
    {
        Floor = seat;
        Apply();
    }

    public void SetMuted(string seat, bool muted)
    {
        if (muted ? _muted.Add(seat) : _muted.Remove(seat))
        {
            Apply();
        }
    }

    public void SetPaused(bool paused)
    {
        if (Paused != paused)
        {
            Paused = paused;
            Apply();
        }
    }

    public RoomStream StreamOf(string streamId)
    {
        if (!Streams.TryGetValue(streamId, out RoomStream? stream))
        {
            Streams[streamId] = stream = new RoomStream(new StreamKey(Id, streamId), this);
        }

        return stream;
    }

    public Passage PassageOf(RoomStream stream, string watcherSeat) => Paused ? default :
        FloorGate.Of(stream.Seat, watcherSeat, Floor, _muted.Contains(stream.Seat));

    /// <summary>Streams that are kept on file: the lecturer's, and the pictures of the seat with the floor.</summary>
    public bool IsRecorded(RoomStream stream) => Recording && IsFeatured(stream);

    /// <summary>Everybody is to see this stream.</summary>
    public bool IsFeatured(RoomStream stream) => stream.Seat == FloorGate.Host || stream.Seat == Floor;

    /// <summary>The sound of a muted seat is not recorded either.</summary>
    public bool HearsForRecord(RoomStream stream) => !_muted.Contains(stream.Seat);

    private void Apply()
    {
        foreach (RoomStream stream in Streams.Values)
        {
            foreach (MediaConnection watcher in stream.Watchers)
            {
                watcher.Subscription!.SetPassage(PassageOf(stream, watcher.Claims.SeatId));
            }
        }
    }
}

/// <summary>One stream of a lesson: at most one publisher, any number of watchers. Outlives its publishers.</summary>
internal sealed class RoomStream(StreamKey key, LessonRoom room)
{
    public StreamKey Key { get; } = key;

    public LessonRoom Room { get; } = room;

    public string Seat { get; } = StreamIds.SeatOf(key.StreamId);

    public MediaConnection? Publisher { get; set; }

    public List<MediaConnection> Watchers { get; } = [];

    /// <summary>New packets have come in this round.</summary>
    public bool Dirty { get; set; }

    public RecordingCursor? Recording { get; set; }

    /// <summary>A field, since it is changed in place.</summary>
    public StreamGather Gather;
}
