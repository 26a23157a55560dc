using ThreeClassrooms.Hub.Streams.Tcp;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <content>The life of connections: joining, coming up, going down. All on the loop's thread.</content>
internal sealed partial class MediaLoop
{
    /// <summary>Takes a negotiated connection in. False: the lesson is closed, or the stream has meanwhile ended or changed its codec.</summary>
    public bool Add(MediaConnection connection, StreamDescription? expected)
    {
        if (!_rooms.TryGetValue(connection.Key.LessonId, out LessonRoom? room))
        {
            return false;
        }

        RoomStream stream = room.StreamOf(connection.Key.StreamId);
        if (connection.Watches && !ReferenceEquals(stream.Publisher?.Published?.Description, expected))
        {
            return false;
        }

        connection.Stream = stream;
        connection.Flow.Start(_clockwork.Time.GetUtcNow());
        _connections[connection.Id] = connection;
        connection.Index = _all.Count;
        _all.Add(connection);
        _connectionCount = _connections.Count;
        _demux.Add(connection);
        if (connection.Subscription is { } subscription)
        {
            subscription.SetPassage(room.PassageOf(stream, connection.Claims.SeatId));
            stream.Watchers.Add(connection);
        }

        _nextTick = default;
        return true;
    }

    public MediaConnection? Find(string id) => _connections.GetValueOrDefault(id);

    public IReadOnlyCollection<MediaConnection> Connections => _connections.Values;

    /// <summary>Ends a connection on the peer's own wish or because it was replaced.</summary>
    public void End(MediaConnection connection)
    {
        connection.Engine.Close(_arrived);
        AfterEngine(connection, MonoClock.Now);
        RemoveEnded();
        Flush();
    }

    /// <summary>New ICE credentials for the same media (RFC 9725 §4.3.2).</summary>
    public void RestartIce(MediaConnection connection, string ufrag, string pwd, string remoteUfrag, string remotePwd)
    {
        _demux.Rename(connection, ufrag);
        connection.Engine.RestartIce(ufrag, pwd, remoteUfrag, remotePwd, MonoClock.Now);
        Look(connection);
        AfterEngine(connection, MonoClock.Now);
        Flush();
    }

    public void AddTcp(TcpMediaConnection tcp) => _tcp[tcp.Number] = tcp;

    public void RemoveTcp(TcpMediaConnection tcp)
    {
        DrainTcp();
        _tcp.Remove(tcp.Number);
        _demux.Forget(tcp.Address);
        tcp.Dispose();
    }

    private void AfterEngine(MediaConnection connection, MonoTime now)
    {
        PeerEngine engine = connection.Engine;
        connection.Refresh();
        while (engine.TryTake(_wire, out int length, out TransportAddress to))
        {
            if (to.IsTcp)
            {
                Send(_wire, length, to);
                continue;
            }

            _wire.AsSpan(0, length).CopyTo(_port.Reserve());
            Send(_wire, length, to);
        }

        if (!connection.WasUp && engine.State == PeerState.Connected)
        {
            connection.WasUp = true;
            OnUp(connection, now);
        }
        else if (engine.State == PeerState.Closed && connection.Stream is not null && !_ended.Contains(connection))
        {
            _ended.Add(connection);
        }
    }

    private void OnUp(MediaConnection connection, MonoTime now)
    {
        DateTimeOffset at = _clockwork.Time.GetUtcNow();
        RoomStream stream = connection.Stream!;
        if (connection.Published is { } published)
        {
            PublishedUp(connection, stream, published, at);
            return;
        }

        connection.Subscription!.Attach(stream.Publisher?.Published);
        _metrics.Event("join");
        StreamsLog.WatcherUp(_log, connection.Key.LessonId, connection.Key.StreamId, connection.Claims.SeatId);
        foreach (IStreamObserver observer in _clockwork.Observers)
        {
            observer.OnWatcher(connection.Key, connection.Claims.SeatId, true, at);
        }

        Pump(connection, now);
        Look(connection);
        LookAtPublisher(stream);
        _nextTick = default;
    }

    private void PublishedUp(MediaConnection connection, RoomStream stream, PublishedStream published, DateTimeOffset at)
    {
        if (stream.Publisher is { } old)
        {
            old.Engine.Close(_arrived);
            AfterEngine(old, _arrived);
            PublisherDown(old, stream);
        }

        stream.Publisher = connection;
        connection.Troubles = new TroubleWatch(_arrived);
        _clockwork.Directory.SetLive(connection.Key, published.Description);
        foreach (MediaConnection watcher in stream.Watchers)
        {
            if (watcher.Accepts(published.Description))
            {
                watcher.Subscription!.Attach(published);
                Look(watcher);
            }
            else
            {
                StreamsLog.CodecChanged(_log, stream.Key.StreamId, watcher.Claims.SeatId);
                watcher.Engine.Close(_arrived);
                AfterEngine(watcher, _arrived);
            }
        }

        string? codec = published.Description.Video?.Codec.Name;
        _metrics.Event("publish");
        StreamsLog.PublisherUp(
            _log, connection.Key.LessonId, connection.Key.StreamId, connection.Claims.SeatId, codec ?? "sound only",
            connection.Engine.Profile.ToString());
        foreach (IStreamObserver observer in _clockwork.Observers)
        {
            observer.OnPublisher(connection.Key, true, connection.Claims.Source, codec, published.Audio is not null, at);
        }

        ApplyRecording(stream);
    }

    private void RemoveEnded()
    {
        for (int i = 0; i < _ended.Count; i++)
        {
            Remove(_ended[i]);
        }

        _ended.Clear();
    }

    private void Remove(MediaConnection connection)
    {
        if (!_connections.Remove(connection.Id))
        {
            return;
        }

        _connectionCount = _connections.Count;
        _all[^1].Index = connection.Index;
        _all[connection.Index] = _all[^1];
        _all.RemoveAt(_all.Count - 1);
        _demux.Remove(connection);
        RoomStream stream = connection.Stream!;
        if (stream.Publisher == connection)
        {
            PublisherDown(connection, stream);
        }
        else if (stream.Watchers.Remove(connection) && connection.WasUp)
        {
            StreamsLog.WatcherDown(
                _log, connection.Key.LessonId, connection.Key.StreamId, connection.Claims.SeatId, connection.Engine.CloseReason);
            foreach (IStreamObserver observer in _clockwork.Observers)
            {
                observer.OnWatcher(connection.Key, connection.Claims.SeatId, false, _clockwork.Time.GetUtcNow());
            }
        }

        connection.Dispose();
    }

    private void PublisherDown(MediaConnection connection, RoomStream stream)
    {
        stream.Publisher = null;
        stream.Recording?.Pump();
        _clockwork.Directory.SetLive(connection.Key, null);
        foreach (MediaConnection watcher in stream.Watchers)
        {
            watcher.Subscription!.Attach(null);
        }

        StreamsLog.PublisherDown(_log, connection.Key.LessonId, connection.Key.StreamId, connection.Engine.CloseReason);
        PublishedStream published = connection.Published!;
        foreach (IStreamObserver observer in _clockwork.Observers)
        {
            observer.OnPublisher(
                connection.Key, false, connection.Claims.Source, published.Description.Video?.Codec.Name, published.Audio is not null,
                _clockwork.Time.GetUtcNow());
        }
    }

    private void CloseAll()
    {
        foreach (Guid lesson in _rooms.Keys.ToArray())
        {
            CloseLesson(lesson);
        }
    }
}
