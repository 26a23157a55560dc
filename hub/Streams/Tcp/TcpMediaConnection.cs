using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams.Tcp;

/// <summary>
/// A TCP connection that carries framed media packets (RFC 4571, ICE-TCP RFC 6544). Its first packet, a binding request, says which loop it is for. Reads on
/// the web server's threads and posts whole packets to that loop; the loop appends packets to a bounded buffer that a task here writes out. When the peer does not keep up,
/// packets are dropped, as a congested UDP path would.
/// </summary>
internal sealed class TcpMediaConnection(ConnectionContext context, TransportAddress address, LoopSet loops) : IDisposable
{
    private const int OutputLimit = 512 * 1024;
    private const int FramesLimit = 256;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly SemaphoreSlim _room = new(FramesLimit);
    private byte[] _filling = new byte[OutputLimit / 2];
    private byte[] _writing = new byte[OutputLimit / 2];
    private int _filled;
    private MediaLoop? _loop;
    private bool _signalled;

    public uint Number => Address.Connection;

    public TransportAddress Address { get; } = address;

    /// <summary>Runs until the peer, the hub or a framing fault ends the connection.</summary>
    public async Task RunAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed);
        Task writing = WriteAsync(stop.Token);
        try
        {
            await ReadAsync(stop.Token);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // The peer went away; ICE consent notices.
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
            if (_loop is { } loop)
            {
                loop.Post(() => loop.RemoveTcp(this)); // the loop disposes it: nobody uses it any more then
            }
            else
            {
                Dispose();
            }
        }
    }

    /// <summary>Appends a packet. On the loop's thread. False: the buffer is full and the packet is dropped.</summary>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_filled + Rfc4571.HeaderLength + packet.Length > _filling.Length)
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(_filling.AsSpan(_filled), (ushort)packet.Length);
            packet.CopyTo(_filling.AsSpan(_filled + Rfc4571.HeaderLength));
            _filled += Rfc4571.HeaderLength + packet.Length;
            return true;
        }
    }

    /// <summary>Lets what was appended go out. On the loop's thread, once per round.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_filled == 0 || _signalled)
            {
                return;
            }

            _signalled = true;
        }

        _ready.Release();
    }

    /// <summary>The loop has read a frame: one more may be posted.</summary>
    public void OnFrameDone() => _room.Release();

    public void Dispose()
    {
        _ready.Dispose();
        _room.Dispose();
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        PipeReader input = context.Transport.Input;
        while (true)
        {
            ReadResult result = await input.ReadAsync(stop);
            ReadOnlySequence<byte> bytes = result.Buffer;
            bool broken;
            while (Rfc4571.TryRead(ref bytes, out ReadOnlySequence<byte> packet, out broken))
            {
                await _room.WaitAsync(stop);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(Rfc4571.MaxPacket);
                packet.CopyTo(buffer);
                if (!HasLoop(buffer.AsSpan(0, (int)packet.Length)))
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return;
                }

                _loop.Post(new TcpFrame(buffer, (int)packet.Length, Address, this));
            }

            input.AdvanceTo(bytes.Start, bytes.End);
            if (broken || result.IsCompleted)
            {
                return;
            }
        }
    }

    [MemberNotNullWhen(true, nameof(_loop))]
    private bool HasLoop(ReadOnlySpan<byte> packet)
    {
        if (_loop is null && loops.Of(packet) is { } loop)
        {
            _loop = loop;
            loop.Post(() => loop.AddTcp(this));
        }

        return _loop is not null;
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _ready.WaitAsync(stop);
                int length;
                lock (_gate)
                {
                    (_filling, _writing) = (_writing, _filling);
                    length = _filled;
                    _filled = 0;
                    _signalled = false;
                }

                FlushResult flushed = await context.Transport.Output.WriteAsync(_writing.AsMemory(0, length), stop);
                if (flushed.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException or InvalidOperationException)
        {
            // As in reading: the connection is over.
        }
    }
}
