namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// The last packets of one published track in the order of their arrival, shared by all its subscribers: each reads forward with a
/// cursor of its own, and finds single packets again by sequence number to repeat them. Payloads lie one behind the other in a ring of bytes, so
/// that small packets take little. All memory is taken at construction. One owner; spans stay valid until the next packet is added.
/// </summary>
public sealed class PacketHistory
{
    private readonly StoredPacket[] _slots;
    private readonly (int Offset, int Length)[] _places;
    private readonly byte[] _ring;
    private readonly long[] _arrivalOf; // by sequence number modulo capacity: arrival index + 1
    private readonly int _maxPayload;
    private readonly int _mask;
    private int _head; // where the next payload begins
    private long _highest = -1;
    private long _keyFrameArrival = -1;
    private uint _keyFrameTimestamp;

    /// <param name="capacity">Packets kept at most, a power of two.</param>
    /// <param name="maxPayload">Bytes; larger payloads are refused.</param>
    /// <param name="ringBytes">Bytes of payload kept at most; <paramref name="maxPayload"/> or more.</param>
    public PacketHistory(int capacity, int maxPayload, int ringBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(capacity), true, nameof(capacity));
        ArgumentOutOfRangeException.ThrowIfLessThan(ringBytes, maxPayload);
        _slots = new StoredPacket[capacity];
        _places = new (int, int)[capacity];
        _arrivalOf = new long[capacity];
        _ring = GC.AllocateUninitializedArray<byte>(ringBytes, pinned: true);
        _maxPayload = maxPayload;
        _mask = capacity - 1;
    }

    public int Capacity => _mask + 1;

    /// <summary>Packets added since the start; the index that the next one gets.</summary>
    public long Arrivals { get; private set; }

    /// <summary>The oldest arrival index still kept.</summary>
    public long Oldest { get; private set; }

    /// <summary>Arrival index of the first packet of the newest key frame; null when there is none in the ring.</summary>
    public long? KeyFrameArrival => _keyFrameArrival >= Oldest && _keyFrameArrival >= 0 ? _keyFrameArrival : null;

    /// <summary>The highest sequence number so far; −1 before the first.</summary>
    public long Highest => _highest;

    /// <summary>Bytes; larger payloads are refused.</summary>
    public int MaxPayload => _maxPayload;

    /// <summary>The track's source began anew: nobody may begin at a key frame of the old one.</summary>
    internal void ForgetKeyFrame() => _keyFrameArrival = -1;

    /// <summary>Keeps a copy of the packet. False: it is here already, too old for the ring, or too large.</summary>
    public bool TryAdd(in StoredPacket packet, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > _maxPayload || packet.Sequence < 0 || packet.Sequence <= _highest - Capacity || Contains(packet.Sequence))
        {
            return false;
        }

        int slot = (int)(Arrivals & _mask);
        int offset = MakeRoom(payload.Length);
        _slots[slot] = packet;
        _places[slot] = (offset, payload.Length);
        payload.CopyTo(_ring.AsSpan(offset));
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
        payload = PayloadAt(arrival);
        return true;
    }

    /// <summary>The packet with this arrival index, in its slot.</summary>
    /// <param name="arrival"><see cref="Oldest"/> to <see cref="Arrivals"/>, exclusive: else another packet's.</param>
    internal ref readonly StoredPacket PacketAt(long arrival) => ref _slots[(int)(arrival & _mask)];

    /// <summary>The payload with this arrival index; the same holds as for <see cref="PacketAt"/>.</summary>
    internal ReadOnlySpan<byte> PayloadAt(long arrival)
    {
        (int offset, int length) = _places[(int)(arrival & _mask)];
        return _ring.AsSpan(offset, length);
    }

    /// <summary>Bytes of the payload with this arrival index; the same holds.</summary>
    internal int LengthAt(long arrival) => _places[(int)(arrival & _mask)].Length;

    /// <summary>The packet with this sequence number; false when it never came or has left the ring.</summary>
    public bool TryGetSequence(long sequence, out StoredPacket packet, out ReadOnlySpan<byte> payload)
    {
        long arrival = sequence < 0 ? -1 : _arrivalOf[sequence & _mask] - 1;
        return TryGetArrival(arrival, out packet, out payload) && packet.Sequence == sequence;
    }

    /// <summary>Lets the oldest packets go that lie where the next one is to lie.</summary>
    /// <returns>Where it begins.</returns>
    private int MakeRoom(int length)
    {
        length = Occupied(length);
        if (_head + length > _ring.Length)
        {
            Forget(_head, _ring.Length);
            _head = 0;
        }

        if (Arrivals - Oldest == Capacity)
        {
            Oldest++;
        }

        Forget(_head, _head + length);
        int offset = _head;
        _head += length;
        return offset;
    }

    /// <summary>Everything before <paramref name="start"/> is newer than what follows, so the oldest packets are the ones in the way.</summary>
    private void Forget(int start, int end)
    {
        while (Oldest < Arrivals && _places[Oldest & _mask] is var place && place.Offset < end && place.Offset + Occupied(place.Length) > start)
        {
            Oldest++;
        }
    }

    /// <summary>An empty payload (a packet of padding only) takes a byte: without a place of its own it could not be told who is in the way.</summary>
    private static int Occupied(int length) => Math.Max(length, 1);

    private bool Contains(long sequence)
    {
        long arrival = _arrivalOf[sequence & _mask] - 1;
        return arrival >= Oldest && arrival >= 0 && _slots[arrival & _mask].Sequence == sequence;
    }
}
