namespace ThreeClassrooms.Media.Peers;

/// <summary>The first few DTLS datagrams of an address that no check has validated yet: kept, not answered. One address at a time.</summary>
internal sealed class EarlyDatagrams
{
    private const int Capacity = 4;
    private const int LargestDatagram = 1500;
    private Queue<byte[]>? _waiting;

    /// <summary>Null when nothing is kept.</summary>
    public TransportAddress? From { get; private set; }

    /// <summary>True when a copy was kept.</summary>
    public bool Keep(ReadOnlySpan<byte> datagram, TransportAddress from)
    {
        if ((From is { } known && known != from) || _waiting?.Count == Capacity || datagram.Length > LargestDatagram)
        {
            return false;
        }

        From = from;
        (_waiting ??= new Queue<byte[]>(Capacity)).Enqueue(datagram.ToArray());
        return true;
    }

    public bool TryTake(out ReadOnlySpan<byte> datagram)
    {
        if (_waiting is { Count: > 0 })
        {
            datagram = _waiting.Dequeue();
            return true;
        }

        (_waiting, From) = (null, null);
        datagram = default;
        return false;
    }
}
