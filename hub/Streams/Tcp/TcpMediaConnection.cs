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
internal sealed class TcpMediaConnection(ConnectionContext context, TransportAddress address, LoopSet loops, ConnectionGuest guest) : IDisposable
{
    private const int OutputLimit = 512 * 1024;
    private const int FirstOutput = 16 * 1024;
    private const int FramesLimit = 256;

    /// <summary>The first packet must be whole by then, and name a connection that we made.</summary>
    private static readonly TimeSpan FirstPacketWait = TimeSpan.FromSeconds(10);

    /// <summary>A peer checks its way every few seconds; one that sends nothing for so long is gone.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly SemaphoreSlim _room = new(FramesLimit);
    private byte[] _filling = []; // nothing is taken for a stranger
    private byte[] _writing = [];
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
            stop.CancelAfter(FirstPacketWait);
            await ReadAsync(stop);
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
            int needed = _filled + Rfc4571.HeaderLength + packet.Length;
            if (needed > OutputLimit / 2)
            {
                return false;
            }

            if (needed > _filling.Length)
            {
                Array.Resize(ref _filling, Math.Min(OutputLimit / 2, Math.Max(FirstOutput, 2 * needed)));
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

    private async Task ReadAsync(CancellationTokenSource stop)
    {
        PipeReader input = context.Transport.Input;
        while (true)
        {
            ReadResult result = await input.ReadAsync(stop.Token);
            ReadOnlySequence<byte> bytes = result.Buffer;
            bool broken;
            while (Rfc4571.TryRead(ref bytes, out ReadOnlySequence<byte> packet, out broken))
            {
                await _room.WaitAsync(stop.Token);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(Rfc4571.MaxPacket);
                packet.CopyTo(buffer);
                if (!HasLoop(buffer.AsSpan(0, (int)packet.Length)))
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return;
                }

                stop.CancelAfter(LongestSilence);
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
            guest.BecomeKnown();
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
