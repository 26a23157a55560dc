using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>One TCP connection to a passive candidate (RFC 6544), datagrams framed by two length bytes (RFC 4571). Sends never block: what the line does not take is dropped, as by UDP.</summary>
internal sealed class TcpCandidate : IDisposable
{
    private const int MostWaiting = 1024;
    private static int Connections;

    private readonly Socket _socket;
    private readonly Channel<byte[]> _out = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private TcpCandidate(Socket socket, TransportAddress remote)
    {
        _socket = socket;
        Address = remote with { Connection = (uint)Interlocked.Increment(ref Connections) };
    }

    /// <summary>The remote address with this connection's number.</summary>
    public TransportAddress Address { get; }

    /// <returns>Null: nobody listens there, or not for us.</returns>
    public static async Task<TcpCandidate?> ConnectAsync(TransportAddress remote, CancellationToken stop)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(SocketAddresses.EndPoint(remote, asIPv6: socket.AddressFamily == AddressFamily.InterNetworkV6), stop);
            return new TcpCandidate(socket, remote);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket?.Dispose();
            return null;
        }
    }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        byte[] frame = new byte[datagram.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)datagram.Length);
        datagram.CopyTo(frame.AsSpan(2));
        _out.Writer.TryWrite(frame);
    }

    /// <summary>Carries datagrams both ways until the connection ends; never throws.</summary>
    /// <param name="onDatagram">Gets each datagram in a buffer it may change.</param>
    public async Task RunAsync(Action<byte[], int> onDatagram, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(ReadAsync(onDatagram, end.Token), WriteAsync(end.Token));
        await end.CancelAsync();
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync(Action<byte[], int> onDatagram, CancellationToken stop)
    {
        try
        {
            using var stream = new BufferedStream(new NetworkStream(_socket), 64 * 1024);
            byte[] buffer = new byte[65536];
            while (true)
            {
                await stream.ReadExactlyAsync(buffer.AsMemory(0, 2), stop);
                int length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
                await stream.ReadExactlyAsync(buffer.AsMemory(0, length), stop);
                onDatagram(buffer, length);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over.
        }
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        try
        {
            await foreach (byte[] frame in _out.Reader.ReadAllAsync(stop))
            {
                int sent = 0;
                while (sent < frame.Length)
                {
                    sent += await _socket.SendAsync(frame.AsMemory(sent), stop);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over.
        }
    }
}
