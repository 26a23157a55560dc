using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.TestKit.Network;

/// <summary>
/// A seeded network in virtual time: the same seed and calls give the same run, faster than real time and without sleeping.
/// <code>
/// var net = new VirtualNetwork(seed: 1);
/// var hub = net.Attach(new EngineNode(hubEngine), VirtualNetwork.Address(1));
/// var agent = net.Attach(new EngineNode(agentEngine), VirtualNetwork.Address(2));
/// agent.Up = LinkConditions.Perfect with { Loss = 0.1, Jitter = TimeSpan.FromMilliseconds(30) };
/// Assert.True(net.RunUntil(() => agentEngine.State == PeerState.Connected, TimeSpan.FromSeconds(10)), net.Describe());
/// agent.Udp = VirtualNetwork.Address(3);                       // NAT rebinding
/// net.RunFor(TimeSpan.FromSeconds(5));
/// </code>
/// A datagram passes the sender's <see cref="NetworkPort.Up"/>, then the receiver's <see cref="NetworkPort.Down"/>. Engines must take
/// their start time from <see cref="Now"/>. After calling an engine yourself, the next Run… drains it.
/// </summary>
public sealed class VirtualNetwork(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<NetworkPort> _ports = [];
    private readonly PriorityQueue<(byte[] Bytes, TransportAddress From, TransportAddress To), (long Time, long Order)> _flying = new();
    private readonly byte[] _buffer = new byte[2048];
    private long _order;

    public MonoTime Now { get; private set; } = new(1_000_000_000);

    /// <summary>Sees every datagram that a node sends, before any loss.</summary>
    public Action<MonoTime, TransportAddress, TransportAddress, ReadOnlyMemory<byte>>? Tap { get; set; }

    public long Delivered { get; private set; }

    public long Lost { get; private set; }

    /// <summary>An IPv4 address 10.0.0.<paramref name="host"/> on port 5000.</summary>
    /// <param name="connection">1 and up: a framed TCP connection.</param>
    public static TransportAddress Address(byte host, ushort port = 5000, uint connection = 0) =>
        TransportAddress.FromIPv4(0x0A00_0000u | host, port, connection);

    public NetworkPort Attach(INetworkNode node, TransportAddress udp, TransportAddress? tcp = null)
    {
        var port = new NetworkPort(node, udp, tcp);
        _ports.Add(port);
        return port;
    }

    public void Detach(NetworkPort port) => _ports.Remove(port);

    public string Describe() => $"seed {seed}, at {Now.Nanoseconds / 1_000_000} ms, {Delivered} delivered, {Lost} lost";

    public void RunFor(TimeSpan time) => RunUntil(() => false, time);

    /// <summary>Runs until the condition holds (checked after every event) or the time is over.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        DrainAll();
        while (!condition())
        {
            var next = NextEvent();
            if (next is not { } at || at > end)
            {
                Now = end;
                return condition();
            }

            Now = at > Now ? at : Now;
            Step();
            DrainAll();
        }

        return true;
    }

    private MonoTime? NextEvent()
    {
        MonoTime? next = _flying.TryPeek(out _, out var key) ? new MonoTime(key.Time) : null;
        foreach (var port in _ports)
        {
            next = MonoTime.Earliest(next, port.Node.NextDeadline);
        }

        return next;
    }

    private void Step()
    {
        while (_flying.TryPeek(out _, out var key) && key.Time <= Now.Nanoseconds)
        {
            var (bytes, from, to) = _flying.Dequeue();
            if (_ports.Find(p => p.Udp == to || p.Tcp == to) is { } port)
            {
                Delivered++;
                port.Node.OnDatagram(bytes, from, Now);
                Drain(port);
            }
            else
            {
                Lost++;
            }
        }

        foreach (var port in _ports.ToArray())
        {
            if (port.Node.NextDeadline is { } due && due <= Now)
            {
                port.Node.OnTime(Now);
                if (port.Node.NextDeadline is { } again && again <= Now && !HasOutput(port))
                {
                    throw new InvalidOperationException($"A node asks for {again.Nanoseconds} although it is {Now.Nanoseconds}: {Describe()}");
                }
            }
        }
    }

    // A deadline in the past is legal only while something is still to be sent.
    private bool HasOutput(NetworkPort port)
    {
        var before = port.Sent;
        Drain(port);
        return port.Sent > before;
    }

    private void DrainAll()
    {
        foreach (var port in _ports.ToArray())
        {
            Drain(port);
        }
    }

    private void Drain(NetworkPort port)
    {
        while (port.Node.TryTake(_buffer, out var length, out var to))
        {
            port.Sent++;
            Send(port, _buffer.AsSpan(0, length).ToArray(), to);
        }
    }

    private void Send(NetworkPort sender, byte[] bytes, TransportAddress to)
    {
        var from = to.IsTcp ? sender.Tcp : sender.Udp;
        Tap?.Invoke(Now, from ?? default, to, bytes);
        var receiver = _ports.Find(p => p.Udp == to || p.Tcp == to);
        if (from is not { } source || receiver is null)
        {
            Lost++;
            return;
        }

        var copies = !to.IsTcp && _random.NextDouble() < Math.Max(sender.Up.Duplicate, receiver.Down.Duplicate) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var free = sender.UpFree;
            var at = Pass(sender.Up, Now, to.IsTcp, bytes.Length, ref free);
            sender.UpFree = free;
            free = receiver.DownFree;
            at = at is { } halfway ? Pass(receiver.Down, halfway, to.IsTcp, bytes.Length, ref free) : null;
            receiver.DownFree = free;
            if (at is not { } arrival)
            {
                Lost++;
                continue;
            }

            if (to.IsTcp)
            {
                arrival = arrival > receiver.TcpArrival ? arrival : receiver.TcpArrival;
                receiver.TcpArrival = arrival;
            }

            _flying.Enqueue(((byte[])bytes.Clone(), source, to), (arrival.Nanoseconds, _order++));
        }
    }

    private MonoTime? Pass(LinkConditions line, MonoTime at, bool tcp, int bytes, ref MonoTime free)
    {
        if (line.Blackout || (line.UdpBlocked && !tcp) || (!tcp && _random.NextDouble() < line.Loss))
        {
            return null;
        }

        if (line.Rate is { } rate)
        {
            var start = free > at ? free : at;
            if (start - at > line.Queue && !tcp)
            {
                return null;
            }

            at = free = start + TimeSpan.FromSeconds((bytes + 28) * 8.0 / rate);
        }

        at += line.Latency + (line.Jitter * _random.NextDouble());
        return !tcp && _random.NextDouble() < line.Reorder ? at + (line.Latency * 3) : at;
    }
}
