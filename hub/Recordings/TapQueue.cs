using System.Buffers;
using System.Collections.Concurrent;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>What the media loop says of a recorded stream, in order.</summary>
internal readonly record struct TapItem(
    TapItemKind Kind, MediaKind Media = default, StoredPacket Packet = default, byte[]? Payload = null, int Length = 0,
    StreamDescription? Description = null, NtpTime Ntp = default, RtpTime Timestamp = default, IReadOnlyList<byte[]>? Sets = null);

internal enum TapItemKind
{
    Publisher,
    Packet,
    Clock,
    ParameterSets,
    End,
}

/// <summary>
/// Between the media loop and the recording thread: packets are copied into rented buffers and queued. When the disk stalls for so
/// long that the queue is full, packets are dropped and counted; the loop never waits.
/// </summary>
internal sealed class TapQueue(StreamKey key, Action wake) : IRecordingTap
{
    // Ten seconds of a rich stream.
    private const int Limit = 5000;

    private readonly ConcurrentQueue<TapItem> _items = new();
    private bool _ended;

    public StreamKey Key { get; } = key;

    public long Dropped { get; private set; }

    public void OnPublisher(StreamDescription description) => _items.Enqueue(new TapItem(TapItemKind.Publisher, Description: description));

    public void OnClock(MediaKind kind, NtpTime ntp, RtpTime timestamp) =>
        _items.Enqueue(new TapItem(TapItemKind.Clock, kind, Ntp: ntp, Timestamp: timestamp));

    public void OnParameterSets(IReadOnlyList<byte[]> units) => _items.Enqueue(new TapItem(TapItemKind.ParameterSets, Sets: units));

    public void OnPacket(MediaKind kind, in StoredPacket packet, ReadOnlySpan<byte> payload)
    {
        if (_items.Count >= Limit)
        {
            Dropped++;
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(Math.Max(1, payload.Length));
        payload.CopyTo(copy);
        _items.Enqueue(new TapItem(TapItemKind.Packet, kind, packet, copy, payload.Length));
    }

    public bool TryTake(out TapItem item) => _items.TryDequeue(out item);

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            _items.Enqueue(new TapItem(TapItemKind.End));
            wake();
        }
    }
}
