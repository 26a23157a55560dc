using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>What the receiver says of one packet.</summary>
/// <param name="TransportSequence">The transport-wide sequence number the sender gave it.</param>
/// <param name="Arrival">By the receiver's clock since an arbitrary origin, a multiple of 250 µs, wrapping after 12 days; null: not received.</param>
public readonly record struct PacketArrival(ushort TransportSequence, TimeSpan? Arrival);

/// <summary>
/// The sending side's view of one transport-wide feedback packet, enumerated in place without allocation
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
/// </summary>
public ref struct TransportFeedback
{
    /// <summary>Statuses of a feedback that is still read; real receivers report at least every 250 ms and stay far below.</summary>
    public const int MaxStatuses = 8192;

    private ReadOnlySpan<byte> _chunks;
    private ReadOnlySpan<byte> _deltas;
    private ushort _next;
    private int _left;
    private int _chunk;
    private int _chunkLeft;
    private long _ticks;

    /// <summary>Feedback packets since the beginning, wrapping; a jump means that feedback was lost.</summary>
    public byte Count { get; private init; }

    public PacketArrival Current { get; private set; }

    public readonly TransportFeedback GetEnumerator() => this;

    /// <summary>False when <paramref name="packet"/> is no such feedback, or its chunks or deltas reach past its end.</summary>
    public static bool TryRead(in RtcpPacket packet, out TransportFeedback feedback)
    {
        feedback = default;
        if (!packet.IsTransportCc)
        {
            return false;
        }

        ReadOnlySpan<byte> body = packet.Body;
        int statuses = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        if (statuses > MaxStatuses || !TryMeasure(body[16..], statuses, out int chunkBytes, out int deltaBytes)
            || 16 + chunkBytes + deltaBytes > body.Length)
        {
            return false;
        }

        uint word = BinaryPrimitives.ReadUInt32BigEndian(body[12..]);
        feedback = new TransportFeedback
        {
            Count = (byte)(word & 0xFF),
            _chunks = body.Slice(16, chunkBytes),
            _deltas = body.Slice(16 + chunkBytes, deltaBytes),
            _next = BinaryPrimitives.ReadUInt16BigEndian(body[8..]),
            _left = statuses,
            _ticks = (word >> 8) * TransportFeedbackRecorder.TicksPerReference,
        };
        return true;
    }

    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        if (_chunkLeft == 0)
        {
            _chunk = BinaryPrimitives.ReadUInt16BigEndian(_chunks);
            _chunks = _chunks[2..];
            _chunkLeft = Symbols(_chunk);
        }

        int symbol = Symbol(_chunk, Symbols(_chunk) - _chunkLeft);
        _chunkLeft--;
        _left--;
        TimeSpan? arrival = null;
        if (symbol is 1 or 2)
        {
            _ticks += symbol == 1 ? _deltas[0] : BinaryPrimitives.ReadInt16BigEndian(_deltas);
            _deltas = _deltas[symbol..];
            arrival = TimeSpan.FromMicroseconds(_ticks * 250);
        }

        Current = new PacketArrival(_next, arrival);
        _next = unchecked((ushort)(_next + 1));
        return true;
    }

    private static bool TryMeasure(ReadOnlySpan<byte> rest, int statuses, out int chunkBytes, out int deltaBytes)
    {
        (chunkBytes, deltaBytes) = (0, 0);
        while (statuses > 0)
        {
            if (chunkBytes + 2 > rest.Length)
            {
                return false;
            }

            int chunk = BinaryPrimitives.ReadUInt16BigEndian(rest[chunkBytes..]);
            int symbols = Math.Min(Symbols(chunk), statuses);
            if (symbols == 0)
            {
                return false; // a run of nothing
            }

            for (int i = 0; i < symbols; i++)
            {
                int symbol = Symbol(chunk, i);
                deltaBytes += symbol == 3 ? 0 : symbol;
            }

            statuses -= symbols;
            chunkBytes += 2;
        }

        return true;
    }

    private static int Symbols(int chunk) => (chunk & 0x8000) == 0 ? chunk & 0x1FFF : (chunk & 0x4000) == 0 ? 14 : 7;

    // Symbol 3 is reserved and read as "not received".
    private static int Symbol(int chunk, int index) => (chunk & 0x8000) == 0
        ? (chunk >> 13) & 3
        : (chunk & 0x4000) == 0 ? (chunk >> (13 - index)) & 1 : (chunk >> (12 - (index * 2))) & 3;
}
