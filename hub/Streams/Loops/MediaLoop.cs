using System.Collections.Concurrent;
using ThreeClassrooms.Hub.Streams.Sockets;
using ThreeClassrooms.Hub.Streams.Tcp;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>
/// An event loop: one thread that owns its port, its rooms and their connections. Wait, take a batch, forward whole bursts, send in
/// one go, and call what is due. Other threads only post to it.
/// </summary>
internal sealed partial class MediaLoop : IDisposable
{
    // One look at all deadlines per 2 ms at most; pacing and repeats are no finer than that.
    private static readonly TimeSpan TickStep = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(250);
    private static readonly MonoTime Never = new(long.MaxValue);

    private readonly IDatagramPort _port;
    private readonly MediaClockwork _clockwork;
    private readonly StreamsMetrics _metrics;
    private readonly ILogger _log;
    private readonly Demultiplexer _demux = new();
    private readonly Dictionary<Guid, LessonRoom> _rooms = [];
    private readonly Dictionary<string, MediaConnection> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, TcpMediaConnection> _tcp = [];
    private readonly List<MediaConnection> _all = [];
    private List<RoomStream> _dirty = []; // have new packets
    private List<RoomStream> _held = []; // of these, the ones that wait for more
    private readonly GatherRule _gather = new();
    private readonly List<MediaConnection> _ended = [];
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly ConcurrentQueue<TcpFrame> _frames = new();
    private readonly byte[] _header = new byte[Subscription.MaxHeader];
    private readonly byte[] _scratch = new byte[Subscription.MaxPayload];
    private readonly byte[] _plain = new byte[1400];
    private readonly byte[] _wire = new byte[SendQueue.MaxDatagram];
    private readonly LadderKeeper _ladder = new();
    private readonly Thread _thread;
    private readonly int _core;
    private readonly long[] _refused = new long[Enum.GetValues<DropReason>().Length];
    private readonly long[] _dropped = new long[Enum.GetValues<MediaDrop>().Length];
    private LoopCounters _counters;
    private long _allocated;
    private MonoTime _nextTick;
    private MonoTime _heldUntil = Never;
    private MonoTime _arrived;
    private volatile bool _stopping;
    private bool _disposed;

    /// <param name="index">0 for the first loop.</param>
    public MediaLoop(int index, IDatagramPort port, StreamsOptions options, MediaClockwork clockwork, StreamsMetrics metrics, ILogger log)
    {
        Index = index;
        _load = new LoadMeter(options.BusyPercent);
        (_port, _core, _clockwork, _metrics, _log) = (port, options.PinCore < 0 ? -1 : options.PinCore + index, clockwork, metrics, log);
        _thread = new Thread(Run) { Name = $"media-loop-{index}", IsBackground = true };
    }

    /// <summary>Which of the hub's loops this is; its port and its core are so many behind the first one's.</summary>
    public int Index { get; }

    public int ConnectionCount => _connectionCount;

    private volatile int _connectionCount;

    public void Start() => _thread.Start();

    /// <summary>One of the connections has this local ICE user name. From any thread.</summary>
    public bool Knows(ReadOnlySpan<char> ufrag) => _demux.Knows(ufrag);

    /// <summary>Runs the action on the loop's thread. From any thread.</summary>
    public void Post(Action command)
    {
        _commands.Enqueue(command);
        _port.Wake();
    }

    /// <summary>A framed packet came by TCP; its buffer is given back when it has been read. From any thread.</summary>
    public void Post(TcpFrame frame)
    {
        _frames.Enqueue(frame);
        _port.Wake();
    }

    /// <summary>Runs the function on the loop's thread and hands its result back.</summary>
    public Task<T> Ask<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception fault)
            {
                answer.SetException(fault);
                throw;
            }
        });
        return answer.Task;
    }

    /// <summary>Closes all lessons and ends the thread; returns when it has ended.</summary>
    public void Stop()
    {
        _stopping = true;
        if (_thread.IsAlive)
        {
            _port.Wake();
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        if (!_disposed)
        {
            _disposed = true;
            _port.Dispose();
        }
    }

    private void Run()
    {
        MediaThread.Settle(_core);
        while (!_stopping)
        {
            try
            {
                Turn();
            }
            catch (Exception fault)
            {
                // A fault of ours must not end every lesson of the county: it is logged, the round is given up, the loop goes on.
                StreamsLog.LoopFault(_log, fault);
            }
        }

        CloseAll();
    }

    private void Turn()
    {
        MonoTime before = MonoClock.Now;
        _port.Wait(WaitFor(before));
        MonoTime now = MonoClock.Now;
        _load.OnIdle(now - before);
        while (_commands.TryDequeue(out Action? command))
        {
            command();
        }

        int received;
        do
        {
            _arrived = now;
            received = _port.Receive();
            for (int i = 0; i < received; i++)
            {
                Span<byte> datagram = _port.Received(i, out TransportAddress from);
                OnDatagram(datagram, from);
            }

            DrainTcp();
            Forward(now);
            now = MonoClock.Now;
        }
        while (received >= 64 && !_stopping);
        if (now >= _nextTick)
        {
            Tick(now);
        }
    }

    private TimeSpan WaitFor(MonoTime now)
    {
        if (!_commands.IsEmpty || !_frames.IsEmpty)
        {
            return TimeSpan.Zero;
        }

        TimeSpan left = (_heldUntil < _nextTick ? _heldUntil : _nextTick) - now;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestSleep ? LongestSleep : left;
    }

    /// <summary>Something has happened to the connection: its deadlines are looked at with the next tick.</summary>
    private void Look(MediaConnection connection)
    {
        connection.Due = MediaConnection.AtOnce;
        BringForward(_arrived + TickStep);
    }

    /// <summary>
    /// Packets have come, of which some are missing or must be confirmed; or a watcher has asked for a key frame, and a shared screen that stands still
    /// sends nothing that would remind us.
    /// </summary>
    private void LookAtPublisher(RoomStream? stream)
    {
        if (stream?.Publisher is { } publisher)
        {
            publisher.Due = publisher.NextDue();
            BringForward(publisher.Due);
        }
    }

    private void BringForward(MonoTime tick) => _nextTick = tick < _nextTick ? tick : _nextTick;

    private void OnDatagram(Span<byte> datagram, in TransportAddress from)
    {
        _counters.PacketsIn++;
        _counters.BytesIn += datagram.Length;
        if (_demux.Find(datagram, from) is not { } connection)
        {
            _counters.UnknownAddress++;
            return;
        }

        bool stun = datagram.Length > 0 && datagram[0] <= 3;
        switch (connection.Engine.OnDatagram(datagram, from, _arrived, out int length))
        {
            case DatagramKind.Rtp:
                OnRtp(connection, datagram[..length]);
                return;
            case DatagramKind.Rtcp:
                OnRtcp(connection, datagram[..length]);
                return;
            case DatagramKind.Handled when stun:
                _demux.Learn(connection, from);
                break;
            case DatagramKind.Dropped:
                _refused[(int)connection.Engine.Drops.Last]++;
                break;
            default:
                break;
        }

        Look(connection);
        AfterEngine(connection, _arrived);
    }

    private void OnRtp(MediaConnection connection, ReadOnlySpan<byte> plain)
    {
        if (connection.Published is not { } published || connection.Stream?.Publisher != connection)
        {
            return;
        }

        if (connection.Ingress is { } ingress && !ingress.Admits(plain.Length, _arrived))
        {
            _counters.TooFast++;
            if (ingress.Dropped == 1)
            {
                StreamsLog.PublisherTooFast(_log, connection.Key.LessonId, connection.Key.StreamId);
            }

            return;
        }

        if (published.OnRtp(plain, _arrived) is null)
        {
            _dropped[(int)published.Drops.Last]++;
        }
        else if (!connection.Stream.Dirty)
        {
            connection.Stream.Dirty = true;
            _dirty.Add(connection.Stream);
        }
    }

    private void OnRtcp(MediaConnection connection, ReadOnlySpan<byte> plain)
    {
        Look(connection);
        if (connection.Published is { } published)
        {
            published.OnRtcp(plain, _arrived);
            return;
        }

        Subscription subscription = connection.Subscription!;
        subscription.OnRtcp(plain, _arrived);
        Pump(connection, _arrived); // repeats leave with the next flush of this round
        LookAtPublisher(connection.Stream);
    }

    /// <summary>Everything that came in this round goes to its watchers, then to the kernel in as few calls as possible.</summary>
    private void Forward(MonoTime now)
    {
        if (_dirty.Count == 0)
        {
            Flush();
            return;
        }

        Gathering gathering = _gather.Now;
        MonoTime oldest = _arrived;
        _heldUntil = Never;
        foreach (RoomStream stream in _dirty)
        {
            Tide? tide = gathering.Packets > 1 && stream.Publisher?.Published is { } published ? Tide.Of(published) : null;
            if (tide is { } rising && stream.Gather.Holds(rising, gathering, _arrived, now))
            {
                _held.Add(stream);
                MonoTime until = stream.Gather.Since!.Value + gathering.Hold;
                _heldUntil = until < _heldUntil ? until : _heldUntil;
                continue;
            }

            stream.Dirty = false;
            oldest = stream.Gather.Since is { } since && since < oldest ? since : oldest;
            stream.Gather.OnForwarded(tide.GetValueOrDefault());
            List<MediaConnection> watchers = stream.Watchers;
            for (int i = 0; i < watchers.Count; i++)
            {
                Pump(watchers[i], now);
            }

            stream.Recording?.Pump();
            LookAtPublisher(stream);
        }

        bool forwarded = _held.Count < _dirty.Count;
        (_dirty, _held) = (_held, _dirty);
        _held.Clear();
        Flush();
        if (forwarded)
        {
            _metrics.Delay((MonoClock.Now - oldest).TotalMilliseconds);
        }
    }

    private void Pump(MediaConnection watcher, MonoTime now)
    {
        if (!watcher.CanSend)
        {
            return;
        }

        TransportAddress to = watcher.To;
        Subscription subscription = watcher.Subscription!;
        while (subscription.TryTakeRtp(now, _header, _scratch, out int headerLength, out ReadOnlySpan<byte> payload))
        {
            Span<byte> output = to.IsTcp ? _wire : _port.Reserve();
            int length = watcher.Engine.ProtectRtp(_header.AsSpan(0, headerLength), payload, output);
            if (length == 0)
            {
                break;
            }

            _counters.Forwarded++;
            Send(output, length, to);
            if (!watcher.WasFirst)
            {
                watcher.WasFirst = true;
                _metrics.FirstPacket((MonoClock.Now - watcher.Created).TotalMilliseconds);
            }
        }

        if (subscription.PaceDeadline is { } pace && pace < watcher.Due)
        {
            watcher.Due = pace;
            BringForward(pace);
        }
    }

    private void Send(ReadOnlySpan<byte> output, int length, in TransportAddress to)
    {
        _counters.PacketsOut++;
        _counters.BytesOut += length;
        if (!to.IsTcp)
        {
            _port.Commit(length, to);
        }
        else if (!_tcp.TryGetValue(to.Connection, out TcpMediaConnection? tcp) || !tcp.TrySend(output[..length]))
        {
            _counters.TcpFull++;
        }
    }

    private void Flush()
    {
        _counters.SendFailures += _port.Flush();
        foreach (TcpMediaConnection tcp in _tcp.Values)
        {
            tcp.Flush();
        }
    }

    private void DrainTcp()
    {
        while (_frames.TryDequeue(out TcpFrame frame))
        {
            OnDatagram(frame.Buffer.AsSpan(0, frame.Length), frame.From);
            frame.Release();
        }
    }
}
