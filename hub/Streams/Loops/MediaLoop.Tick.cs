using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <content>What happens by the clock: deadlines of engines, feedback, pacing; samples once a second.</content>
internal sealed partial class MediaLoop
{
    private static readonly TimeSpan SamplePeriod = TimeSpan.FromSeconds(1);

    private readonly LoadMeter _load;
    private MonoTime _sampled = MonoClock.Now;
    private long _kernelDrops;

    private void Tick(MonoTime now)
    {
        _nextTick = now + LongestSleep;
        for (int i = 0; i < _all.Count; i++)
        {
            MediaConnection connection = _all[i];
            if (connection.Due <= now)
            {
                Serve(connection, now);
                connection.Due = connection.NextDue();
            }

            BringForward(connection.Due);
        }

        RemoveEnded();
        Flush();
        if (now - _sampled >= SamplePeriod)
        {
            Sample(now);
        }

        // Serving one connection may have brought another one forward, also one that was looked at before it.
        _nextTick = _nextTick < now + TickStep ? now + TickStep : _nextTick;
    }

    private void Serve(MediaConnection connection, MonoTime now)
    {
        if (connection.Engine.NextDeadline is { } engineDue && engineDue <= now)
        {
            connection.Engine.OnTime(now);
            AfterEngine(connection, now);
        }

        if (!connection.CanSend)
        {
            return;
        }

        TransportAddress to = connection.To;

        if (connection.Published is { } published)
        {
            while (published.TryTakeRtcp(now, _plain, out int length))
            {
                SendRtcp(connection, length, to);
            }

            return;
        }

        Subscription subscription = connection.Subscription!;
        while (subscription.TryTakeRtcp(now, _plain, out int length))
        {
            SendRtcp(connection, length, to);
        }

        LookAtPublisher(connection.Stream);
        Pump(connection, now);
    }

    private void SendRtcp(MediaConnection connection, int length, in TransportAddress to)
    {
        Span<byte> output = to.IsTcp ? _wire : _port.Reserve();
        int written = connection.Engine.ProtectRtcp(_plain.AsSpan(0, length), output);
        if (written > 0)
        {
            Send(output, written, to);
        }
    }

    private void Sample(MonoTime now)
    {
        LoadLevel before = _load.Level;
        _load.OnPeriod(now - _sampled);
        _sampled = now;
        _gather.OnLoad(_load.Busy);
        _metrics.SetLoad(Index, _load.Busy, _connections.Count);
        _counters.KernelDrops = _port.KernelDrops - _kernelDrops;
        _kernelDrops = _port.KernelDrops;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        _counters.Allocated = allocated - _allocated;
        _allocated = allocated;
        _metrics.PublishRefused(_refused);
        _metrics.PublishDropped(_dropped);
        _metrics.Publish(_counters);
        _counters = default;
        if (_load.Level != before)
        {
            StreamsLog.LoadChanged(_log, Index, _load.Level.ToString(), _load.Busy);
        }

        _loadLevel = _load.Level;
        DateTimeOffset at = _clockwork.Time.GetUtcNow();
        foreach (MediaConnection connection in _connections.Values)
        {
            if (connection.Engine.State == PeerState.Connected)
            {
                Report(connection, at);
                LookForTrouble(connection, now, at);
            }
        }

        _ladder.Apply(_connections.Values, _load.Level);
        foreach (MediaConnection connection in _all)
        {
            connection.Due = MediaConnection.AtOnce; // what the line carries may have opened a picture
        }
    }

    private void Report(MediaConnection connection, DateTimeOffset at)
    {
        string? watcher = connection.IsPublisher ? null : connection.Claims.SeatId;
        if (connection.IsPublisher && connection.Stream!.Publisher != connection)
        {
            return;
        }

        FlowSample sample = connection.Published is { } published
            ? connection.Flow.Take(published, at)
            : connection.Flow.Take(connection.Subscription!, at);
        foreach (IStreamObserver observer in _clockwork.Observers)
        {
            observer.OnFlow(connection.Key, watcher, sample);
        }
    }

    private void LookForTrouble(MediaConnection connection, MonoTime now, DateTimeOffset at)
    {
        if (connection.Published is not { } published || connection.Stream!.Publisher != connection || connection.Troubles is not { } watch)
        {
            return;
        }

        TellNewSources(connection, published);
        if (!watch.OnSecond(published, connection.Engine.Drops, connection.Engine.LastMedia, now))
        {
            return;
        }

        string name = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(watch.Trouble?.ToString() ?? "");
        if (watch.Trouble is null)
        {
            StreamsLog.TroubleOver(_log, connection.Key.LessonId, connection.Key.StreamId);
        }
        else
        {
            _metrics.Event(name);
            StreamsLog.InTrouble(_log, connection.Key.LessonId, connection.Key.StreamId, connection.Claims.SeatId, name);
        }

        foreach (IStreamObserver observer in _clockwork.Observers)
        {
            observer.OnTrouble(connection.Key, watch.Trouble, at);
        }
    }

    private void TellNewSources(MediaConnection connection, PublishedStream published)
    {
        int lines = 0;
        foreach (PublishedTrack track in published.Tracks)
        {
            lines += track.Line;
        }

        if (lines != connection.LinesTold)
        {
            _metrics.Event("newSource", lines - connection.LinesTold);
            connection.LinesTold = lines;
            StreamsLog.NewSource(_log, connection.Key.LessonId, connection.Key.StreamId);
        }
    }

    private volatile LoadLevel _loadLevel;

    /// <summary>As of the last second. From any thread.</summary>
    public LoadLevel Load => _loadLevel;
}
