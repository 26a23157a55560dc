
namespace ThreeClassrooms.Hub.Streams.Loops;

/// <content>Commands of the lessons. All on the loop's thread.</content>
internal sealed partial class MediaLoop
{
    public void OpenLesson(Guid id)
    {
        if (!_rooms.ContainsKey(id))
        {
            _rooms[id] = new LessonRoom(id);
        }
    }

    public void CloseLesson(Guid id)
    {
        if (!_rooms.TryGetValue(id, out LessonRoom? room))
        {
            return;
        }

        foreach (MediaConnection connection in _connections.Values.Where(c => c.Key.LessonId == id).ToArray())
        {
            connection.Engine.Close(_arrived);
            AfterEngine(connection, _arrived);
        }

        RemoveEnded();
        Flush();
        room.Recording = false;
        foreach (RoomStream stream in room.Streams.Values)
        {
            ApplyRecording(stream);
        }

        _rooms.Remove(id);
    }

    public void SetFloor(Guid id, string? seat)
    {
        if (_rooms.TryGetValue(id, out LessonRoom? room))
        {
            room.SetFloor(seat);
            ApplyChanges(room);
        }
    }

    public void SetMuted(Guid id, string seat, bool muted)
    {
        if (_rooms.TryGetValue(id, out LessonRoom? room))
        {
            room.SetMuted(seat, muted);
            ApplyChanges(room);
        }
    }

    public void SetPaused(Guid id, bool paused)
    {
        if (_rooms.TryGetValue(id, out LessonRoom? room))
        {
            room.SetPaused(paused);
            ApplyChanges(room);
        }
    }

    public void SetRecording(Guid id, bool on)
    {
        if (_rooms.TryGetValue(id, out LessonRoom? room))
        {
            room.Recording = on;
            ApplyChanges(room);
        }
    }

    private void ApplyChanges(LessonRoom room)
    {
        foreach (RoomStream stream in room.Streams.Values)
        {
            ApplyRecording(stream);
            foreach (MediaConnection watcher in stream.Watchers)
            {
                Pump(watcher, _arrived);
                Look(watcher);
            }
        }

        Flush();
        _nextTick = default;
    }

    /// <summary>Begins, continues or ends the recording of a stream as the lesson now wants it.</summary>
    private void ApplyRecording(RoomStream stream)
    {
        bool wanted = stream.Room.IsRecorded(stream);
        if (!wanted)
        {
            stream.Recording?.Dispose();
            stream.Recording = null;
            return;
        }

        if (stream.Publisher?.Published is not { } published || _clockwork.Recorder is not { } recorder)
        {
            return;
        }

        stream.Recording ??= new RecordingCursor(recorder.Begin(stream.Key));
        stream.Recording.Attach(published, stream.Room.HearsForRecord(stream));
    }
}
