using System.Buffers;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams.Tcp;

/// <summary>One packet that came framed over TCP, in a rented buffer.</summary>
internal readonly record struct TcpFrame(byte[] Buffer, int Length, TransportAddress From, TcpMediaConnection Connection)
{
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(Buffer);
        Connection.OnFrameDone();
    }
}
