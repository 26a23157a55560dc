namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// The last packets of one published track in the order of their arrival, shared by all its subscribers: each reads forward with a
/// cursor of its own, and finds single packets again by sequence number to repeat them. All memory is taken at construction.
/// One owner; spans stay valid until the slot is used again, a whole ring later.
/// </summary>
public sealed class PacketHistory
{
    private readonly StoredPacket[] _slots;
    private readonly ushort[] _lengths;
    private readonly byte[] _payloads;
    private readonly long[] _arrivalOf; // by sequence number modulo capacity: arrival index + 1
    private readonly int _slotSize;
    private readonly int _mask;
    private long _highest = -1;
    private long _keyFrameArrival = -1;
    private uint _keyFrameTimestamp;

    /// <param name="capacity">Packets kept, a power of two.</param>
    /// <param name="maxPayload">Bytes; larger payloads are refused.</param>
    public PacketHistory(int capacity, int maxPayload)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(capacity), true, nameof(capacity));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPayload, ushort.MaxValue);
        _slots = new StoredPacket[capacity];
        _lengths = new ushort[capacity];
        _arrivalOf = new long[capacity];
        _payloads = GC.AllocateUninitializedArray<byte>(capacity * maxPayload, pinned: true);
        _slotSize = maxPayload;
        _mask = capacity - 1;
    }

    public int Capacity => _mask + 1;

    /// <summary>Packets added since the start; the index that the next one gets.</summary>
    public long Arrivals { get; private set; }

    /// <summary>The oldest arrival index still kept.</summary>
    public long Oldest => Math.Max(0, Arrivals - Capacity);

    /// <summary>Arrival index of the first packet of the newest key frame; null when there is none in the ring.</summary>
    public long? KeyFrameArrival => _keyFrameArrival >= Oldest && _keyFrameArrival >= 0 ? _keyFrameArrival : null;

    /// <summary>Keeps a copy of the packet. False: it is here already, too old for the ring, or too large.</summary>
    public bool TryAdd(in StoredPacket packet, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > _slotSize || packet.Sequence < 0 || packet.Sequence <= _highest - Capacity || Contains(packet.Sequence))
        {
            return false;
        }

        int slot = (int)(Arrivals & _mask);
        _slots[slot] = packet;
        _lengths[slot] = (ushort)payload.Length;
        payload.CopyTo(_payloads.AsSpan(slot * _slotSize));
        if (packet.KeyFrameStart && (KeyFrameArrival is null || packet.Timestamp != _keyFrameTimestamp))
        {
            _keyFrameArrival = Arrivals;
            _keyFrameTimestamp = packet.Timestamp;
        }

        Arrivals++;
        _arrivalOf[packet.Sequence & _mask] = Arrivals;
        _highest = Math.Max(_highest, packet.Sequence);
        return true;
    }

    /// <summary>The packet with this arrival index; false when it has left the ring or is not there yet.</summary>
    public bool TryGetArrival(long arrival, out StoredPacket packet, out ReadOnlySpan<byte> payload)
    {
        if (arrival < Oldest || arrival >= Arrivals)
        {
            packet = default;
            payload = default;
            return false;
        }

        int slot = (int)(arrival & _mask);
        packet = _slots[slot];
        payload = _payloads.AsSpan(slot * _slotSize, _lengths[slot]);
        return true;
    }

    /// <summary>The packet with this arrival index, in its slot.</summary>
    /// <param name="arrival"><see cref="Oldest"/> to <see cref="Arrivals"/>, exclusive: else another packet's.</param>
    internal ref readonly StoredPacket PacketAt(long arrival) => ref _slots[(int)(arrival & _mask)];

    /// <summary>The payload with this arrival index; the same holds as for <see cref="PacketAt"/>.</summary>
    internal ReadOnlySpan<byte> PayloadAt(long arrival)
    {
        int slot = (int)(arrival & _mask);
        return _payloads.AsSpan(slot * _slotSize, _lengths[slot]);
    }

    /// <summary>Bytes of the payload with this arrival index; the same holds.</summary>
    internal int LengthAt(long arrival) => _lengths[(int)(arrival & _mask)];

    /// <summary>The packet with this sequence number; false when it never came or has left the ring.</summary>
    public bool TryGetSequence(long sequence, out StoredPacket packet, out ReadOnlySpan<byte> payload)
    {
        long arrival = sequence < 0 ? -1 : _arrivalOf[sequence & _mask] - 1;
        return TryGetArrival(arrival, out packet, out payload) && packet.Sequence == sequence;
    }

    private bool Contains(long sequence)
    {
        long arrival = _arrivalOf[sequence & _mask] - 1;
        return arrival >= Oldest && arrival >= 0 && _slots[arrival & _mask].Sequence == sequence;
    }
}
