using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams.Sockets;

/// <summary>A UDP port through the framework's sockets, for systems without batched calls: one system call per datagram.</summary>
internal sealed class PlainDatagramPort : IDatagramPort
{
    private const int Batch = 64;

    private readonly Socket _socket;
    private readonly bool _v6;
    private readonly byte[][] _buffers = new byte[Batch][];
    private readonly int[] _lengths = new int[Batch];
    private readonly TransportAddress[] _from = new TransportAddress[Batch];
    private readonly byte[] _output = new byte[SendQueue.MaxDatagram];
    private readonly SocketAddress _sender;
    private readonly Socket _waker;
    private readonly EndPoint _self;
    private int _lost;

    public PlainDatagramPort(IPAddress listen, int port, int bufferBytes)
    {
        _v6 = listen.AddressFamily == AddressFamily.InterNetworkV6;
        _socket = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        if (_v6)
        {
            _socket.DualMode = true;
        }

        _socket.ReceiveBufferSize = bufferBytes;
        _socket.SendBufferSize = bufferBytes;
        _socket.Bind(new IPEndPoint(listen, port));
        Port = port;
        _sender = new SocketAddress(listen.AddressFamily);
        IPAddress loopback = _v6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        bool any = listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any);
        _self = new IPEndPoint(any ? loopback : listen, port);
        _waker = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        for (int i = 0; i < Batch; i++)
        {
            _buffers[i] = new byte[SendQueue.MaxDatagram];
        }
    }

    public int Port { get; }

    public long KernelDrops => 0;

    public void Wait(TimeSpan longest) => _socket.Poll(longest, SelectMode.SelectRead);

    /// <summary>An empty datagram to the own port; <see cref="Receive"/> hands it on and the demultiplexer ignores it.</summary>
    public void Wake()
    {
        try
        {
            _waker.SendTo([], _self);
        }
        catch (SocketException)
        {
            // The loop's own tick comes instead.
        }
    }

    public int Receive()
    {
        int count = 0;
        while (count < Batch && _socket.Available > 0)
        {
            try
            {
                _lengths[count] = _socket.ReceiveFrom(_buffers[count], SocketFlags.None, _sender);
                var point = (IPEndPoint)_self.Create(_sender);
                _from[count] = SocketAddressBytes.From(point);
                count++;
            }
            catch (SocketException)
            {
                // An earlier datagram met a closed port, or this one was too large: the next one.
            }
        }

        return count;
    }

    public Span<byte> Received(int index, out TransportAddress from)
    {
        from = _from[index];
        return _buffers[index].AsSpan(0, _lengths[index]);
    }

    public Span<byte> Reserve() => _output;

    public void Commit(int length, in TransportAddress to)
    {
        try
        {
            _socket.SendTo(_output.AsSpan(0, length), SocketFlags.None, SocketAddressBytes.ToEndPoint(to, _v6));
        }
        catch (SocketException)
        {
            _lost++;
        }
    }

    public int Flush()
    {
        int lost = _lost;
        _lost = 0;
        return lost;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _waker.Dispose();
    }
}
