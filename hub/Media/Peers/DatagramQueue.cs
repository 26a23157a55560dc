namespace ThreeClassrooms.Media.Peers;

/// <summary>
/// Datagrams waiting to be taken by the driver: bounded, first in first out; what does not fit is dropped, as on a network.
/// Buffers are kept for the next use. One owner.
/// </summary>
internal sealed class DatagramQueue
{
    public const int MaxDatagram = 1280;
    public const int Capacity = 64;
    private const int KeptBuffers = 1;
    private readonly Queue<(byte[] Bytes, int Length, TransportAddress To)> _waiting = new();
    private readonly Stack<byte[]> _free = new();

    /// <summary>Datagrams dropped because the driver did not drain.</summary>
    public long Dropped { get; private set; }

    /// <param name="datagram"><see cref="MaxDatagram"/> bytes at most; copied.</param>
    public void Add(ReadOnlySpan<byte> datagram, TransportAddress to)
    {
        if (_waiting.Count == Capacity || datagram.Length > MaxDatagram)
        {
            Dropped++;
            return;
        }

        var bytes = _free.TryPop(out var kept) ? kept : new byte[MaxDatagram];
        datagram.CopyTo(bytes);
        _waiting.Enqueue((bytes, datagram.Length, to));
    }

    /// <param name="buffer"><see cref="MaxDatagram"/> bytes are always enough; a datagram that does not fit is dropped.</param>
    public bool TryTake(Span<byte> buffer, out int length, out TransportAddress to)
    {
        while (_waiting.TryDequeue(out var next))
        {
            var fits = next.Length <= buffer.Length;
            if (fits)
            {
                next.Bytes.AsSpan(0, next.Length).CopyTo(buffer);
            }

            if (_free.Count < KeptBuffers)
            {
                _free.Push(next.Bytes);
            }

            if (fits)
            {
                (length, to) = (next.Length, next.To);
                return true;
            }

            Dropped++;
        }

        (length, to) = (0, default);
        return false;
    }

    public void Clear() => _waiting.Clear();
}
