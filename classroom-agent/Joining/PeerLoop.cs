using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>What a <see cref="PeerLoop"/> carries; called with the loop's gate held.</summary>
internal interface IPeerMedia
{
    void OnConnected(MonoTime now);

    /// <param name="packet">Plain; only valid during the call.</param>
    void OnRtp(ReadOnlySpan<byte> packet, MonoTime arrived);

    void OnRtcp(ReadOnlySpan<byte> packet, MonoTime arrived);

    /// <summary>Every 10 ms or sooner while connected: timers of media.</summary>
    void OnTick(MonoTime now);
}

/// <summary>
/// Drives one <see cref="PeerEngine"/>: a UDP socket and a thread of its own; TCP candidates are dialled when UDP has not connected within
/// half a second (at once when UDP is known to be blocked). <see cref="Gate"/> guards engine and media state: the capture thread sends, this thread receives.
/// </summary>
internal sealed class PeerLoop : IDisposable
{
    private const int ReceiveBuffer = 4 * 1024 * 1024;
    private static readonly TimeSpan DialTcpAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly PeerEngine _engine;
    private readonly IPeerMedia _media;
    private readonly TimeProvider _time;
    private readonly Socket _udp = new(SocketType.Dgram, ProtocolType.Udp);
    private readonly IReadOnlyList<TransportAddress> _tcp;
    private readonly List<TcpCandidate> _connections = [];
    private readonly Dictionary<TransportAddress, SocketAddress> _destinations = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PeerEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _scratch = new byte[2048];
    private readonly MonoTime _started;
    private readonly Thread _thread;
    private PeerEnd? _end;
    private bool _dialled;

    /// <param name="tcpOnly">Do not try UDP.</param>
    public PeerLoop(PeerSettings settings, IReadOnlyList<IceCandidate> candidates, bool tcpOnly, DtlsIdentity identity, IPeerMedia media, TimeProvider time)
    {
        (_media, _time, _started) = (media, time, MonoClock.Now(time));
        _tcp = [.. candidates.Where(c => c.Transport == IceTransport.TcpPassive).Select(c => c.Address)];
        settings = settings with { RemoteCandidates = tcpOnly ? [] : [.. candidates.Where(c => c.Transport == IceTransport.Udp).Select(c => c.Address)] };
        _engine = new PeerEngine(settings, identity, _started);
        _udp.ReceiveBufferSize = ReceiveBuffer;
        _udp.SendBufferSize = ReceiveBuffer;
        _udp.Bind(new IPEndPoint(_udp.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
        TcpOnly = tcpOnly;
        _thread = new Thread(Run) { IsBackground = true, Name = "peer" };
    }

    public Lock Gate { get; } = new();

    public Task Connected => _connected.Task;

    public Task<PeerEnd> Ended => _ended.Task;

    public bool IsConnected => _engine.State == PeerState.Connected;

    /// <summary>When the last datagram of any kind came; the gate must be held.</summary>
    public MonoTime LastHeard { get; private set; }

    public bool OverTcp => _engine.Selected is { IsTcp: true };

    public TimeSpan? RoundTrip => _engine.RoundTrip;

    private bool TcpOnly { get; }

    public void Start() => _thread.Start();

    /// <summary>Encrypts and sends; the gate must be held. Nothing is sent before the connection is there.</summary>
    public void SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        int length = _engine.ProtectRtp(header, payload, _scratch);
        if (length > 0 && _engine.Selected is { } to)
        {
            Send(_scratch.AsSpan(0, length), to);
        }
    }

    public void SendRtcp(ReadOnlySpan<byte> plain)
    {
        int length = _engine.ProtectRtcp(plain, _scratch);
        if (length > 0 && _engine.Selected is { } to)
        {
            Send(_scratch.AsSpan(0, length), to);
        }
    }

    /// <summary>Ends the loop for a reason of the media's own; the gate must be held.</summary>
    public void End(PeerEnd reason) => _end ??= reason;

    public void Dispose()
    {
        lock (Gate)
        {
            _end ??= PeerEnd.Closed;
        }

        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            Release();
        }
        else
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        byte[] buffer = new byte[4096];
        var from = new SocketAddress(_udp.AddressFamily);
        while (Step())
        {
            try
            {
                if (_udp.Poll(Wait(), SelectMode.SelectRead))
                {
                    do
                    {
                        int length = _udp.ReceiveFrom(buffer, SocketFlags.None, from);
                        OnDatagram(buffer.AsSpan(0, length), SocketAddresses.Read(from));
                    }
                    while (_udp.Available > 0);
                }
            }
            catch (SocketException)
            {
                // An ICMP error of an earlier send; the engine's checks judge the path.
            }
        }

        Release();
    }

    /// <returns>False: the end.</returns>
    private bool Step()
    {
        lock (Gate)
        {
            MonoTime now = MonoClock.Now(_time);
            _engine.OnTime(now);
            Settle(now);
            if (IsConnected)
            {
                _media.OnTick(now);
            }
            else if (!_dialled && (TcpOnly || now - _started > DialTcpAfter))
            {
                _dialled = true;
                foreach (TransportAddress candidate in _tcp)
                {
                    _ = DialAsync(candidate);
                }
            }

            if (_end is null && _engine.State == PeerState.Closed)
            {
                _end = Translate(_engine.CloseReason);
            }

            if (_end is null)
            {
                return true;
            }

            _engine.Close(now);
            Drain();
            return false;
        }
    }

    private TimeSpan Wait()
    {
        lock (Gate)
        {
            TimeSpan wait = _engine.NextDeadline is { } next ? next - MonoClock.Now(_time) : Beat;
            return wait > Beat ? Beat : wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
        }
    }

    private void OnDatagram(Span<byte> wire, TransportAddress from)
    {
        lock (Gate)
        {
            MonoTime now = MonoClock.Now(_time);
            LastHeard = now;
            DatagramKind kind = _engine.OnDatagram(wire, from, now, out int length);
            Settle(now);
            if (kind == DatagramKind.Rtp)
            {
                _media.OnRtp(wire[..length], now);
            }
            else if (kind == DatagramKind.Rtcp)
            {
                _media.OnRtcp(wire[..length], now);
            }
        }
    }

    private void Settle(MonoTime now)
    {
        Drain();
        if (IsConnected && !_connected.Task.IsCompleted)
        {
            LastHeard = now;
            _connected.SetResult();
            _media.OnConnected(now);
        }
    }

    private void Drain()
    {
        while (_engine.TryTake(_scratch, out int length, out TransportAddress to))
        {
            Send(_scratch.AsSpan(0, length), to);
        }
    }

    private void Send(ReadOnlySpan<byte> datagram, TransportAddress to)
    {
        if (to.IsTcp)
        {
            _connections.Find(c => c.Address == to)?.Send(datagram);
            return;
        }

        if (!_destinations.TryGetValue(to, out SocketAddress? destination))
        {
            destination = SocketAddresses.EndPoint(to, _udp.AddressFamily == AddressFamily.InterNetworkV6).Serialize();
            _destinations[to] = destination;
        }

        try
        {
            _udp.SendTo(datagram, SocketFlags.None, destination);
        }
        catch (SocketException)
        {
            // No route now, or the buffer is full: as good as lost on the way.
        }
    }

    private async Task DialAsync(TransportAddress candidate)
    {
        if (await TcpCandidate.ConnectAsync(candidate, _stop.Token) is not { } connection)
        {
            return;
        }

        lock (Gate)
        {
            _connections.Add(connection);
            _engine.AddRemoteCandidate(connection.Address);
        }

        await connection.RunAsync((buffer, length) => OnDatagram(buffer.AsSpan(0, length), connection.Address), _stop.Token);
        lock (Gate)
        {
            _connections.Remove(connection);
            if (!_stop.IsCancellationRequested)
            {
                _engine.RemoveRemoteCandidate(connection.Address, MonoClock.Now(_time));
            }
        }
    }

    private void Release()
    {
        lock (Gate)
        {
            _stop.Cancel();
            _engine.Dispose();
            _udp.Dispose();
            foreach (TcpCandidate connection in _connections)
            {
                connection.Dispose();
            }
        }

        _connected.TrySetCanceled();
        _ended.TrySetResult(_end ?? PeerEnd.Closed);
        _stop.Dispose();
    }

    private static PeerEnd Translate(PeerCloseReason reason) => reason switch
    {
        PeerCloseReason.ConsentLost => PeerEnd.Lost,
        PeerCloseReason.IceFailed => PeerEnd.NoPath,
        PeerCloseReason.DtlsFailed or PeerCloseReason.BadFingerprint or PeerCloseReason.NoSrtpProfile => PeerEnd.Handshake,
        PeerCloseReason.ClosedByPeer => PeerEnd.ClosedByHub,
        PeerCloseReason.None or PeerCloseReason.ClosedByUs => PeerEnd.Closed,
    };
}
