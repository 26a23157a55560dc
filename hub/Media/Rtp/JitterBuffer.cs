using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>A packet in its place of the stream.</summary>
/// <param name="AfterGap">One or more packets directly before it never came.</param>
public readonly record struct OrderedPacket(SeqNo Sequence, RtpTime Timestamp, bool Marker, bool AfterGap, int Length);

/// <summary>
/// Puts the packets of one source back into order. What is in order is released at once; behind a hole packets wait for a retransmission, at most
/// <c>maxWait</c> after they arrived, then the hole is passed over. One owner; no allocation after creation (payloads are copied into fixed slots).
/// </summary>
public sealed class JitterBuffer
{
    /// <summary>Payload bytes of a packet that is kept; longer ones cannot come over a path of 1,500 bytes.</summary>
    public const int MaxPayload = 1500;

    private readonly TimeSpan _maxWait;
    private readonly Slot[] _slots;
    private readonly byte[] _payloads;
    private SequenceUnwrapper _unwrapper;
    private long _next;
    private bool _gap;
    private int _waiting;

    /// <param name="maxWait">The longest time a packet waits for those before it.</param>
    /// <param name="capacity">Packets; a power of two, 16 to 4096.</param>
    public JitterBuffer(TimeSpan maxWait, int capacity = 512)
    {
        if (capacity is < 16 or > 4096 || !System.Numerics.BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity));
        }

        _maxWait = maxWait;
        _slots = new Slot[capacity];
        _payloads = new byte[capacity * MaxPayload];
    }

    /// <summary>Packets held.</summary>
    public int Waiting => _waiting;

    /// <summary>Packets that came too late or twice, since the beginning.</summary>
    public long Late { get; private set; }

    /// <summary>Packets that were passed over, since the beginning.</summary>
    public long Skipped { get; private set; }

    /// <summary>When the packet after a hole has waited long enough; null when nothing waits.</summary>
    public MonoTime? NextDeadline => _waiting == 0 ? null : FirstHeld(out long place) ? _slots[Index(place)].Arrived + _maxWait : null;

    /// <summary>Takes a packet, original or recovered from rtx (by its original number). False when it is late, double, or too long.</summary>
    /// <param name="payload">Copied.</param>
    public bool Insert(SeqNo sequence, RtpTime timestamp, bool marker, ReadOnlySpan<byte> payload, MonoTime arrived)
    {
        bool first = !_unwrapper.Started;
        long place = _unwrapper.Unwrap(sequence);
        _next = first ? place : _next;
        if (place < _next || payload.Length > MaxPayload)
        {
            Late++;
            return false;
        }

        MakeRoom(place);
        ref Slot slot = ref _slots[Index(place)];
        if (slot.Place == place)
        {
            Late++;
            return false;
        }

        slot = new Slot(place, timestamp, marker, payload.Length, arrived);
        payload.CopyTo(_payloads.AsSpan(Index(place) * MaxPayload));
        _waiting++;
        return true;
    }

    /// <summary>The next packet in order; drain until false after every <see cref="Insert"/> and when <see cref="NextDeadline"/> has come.</summary>
    /// <param name="payload">In the buffer's memory: valid until the next call of <see cref="Insert"/>.</param>
    public bool TryTake(MonoTime now, out OrderedPacket packet, out ReadOnlySpan<byte> payload)
    {
        packet = default;
        payload = default;
        if (_waiting == 0 || !FirstHeld(out long place))
        {
            return false;
        }

        ref Slot slot = ref _slots[Index(place)];
        if (place != _next && now - slot.Arrived < _maxWait)
        {
            return false;
        }

        _gap |= place != _next;
        Skipped += place - _next;
        packet = new OrderedPacket(new SeqNo((ushort)(place & 0xFFFF)), slot.Timestamp, slot.Marker, _gap, slot.Length);
        payload = _payloads.AsSpan(Index(place) * MaxPayload, slot.Length);
        slot = default;
        _next = place + 1;
        _gap = false;
        _waiting--;
        return true;
    }

    private bool FirstHeld(out long place)
    {
        for (place = _next; place < _next + _slots.Length; place++)
        {
            if (_slots[Index(place)].Place == place)
            {
                return true;
            }
        }

        return false;
    }

    // A packet far ahead pushes the window: what falls out of it is lost.
    private void MakeRoom(long place)
    {
        while (place >= _next + _slots.Length)
        {
            if (_waiting == 0)
            {
                Skipped += place - _next;
                _next = place;
                _gap = true;
                return;
            }

            ref Slot slot = ref _slots[Index(_next)];
            if (slot.Place == _next)
            {
                slot = default;
                _waiting--;
            }

            Skipped++;
            _next++;
            _gap = true;
        }
    }

    private int Index(long place) => (int)(place & (_slots.Length - 1));

    private readonly record struct Slot(long Place, RtpTime Timestamp, bool Marker, int Length, MonoTime Arrived);
}
