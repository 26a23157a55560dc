using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>
/// The receiving side of transport-wide congestion control: remembers when each transport-wide sequence number arrived and writes feedback
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). One per connection and direction; one owner; no allocation after creation.
/// </summary>
public sealed class TransportFeedbackRecorder
{
    /// <summary>Packets remembered; a connection that sends more between two reports loses the oldest statuses.</summary>
    public const int Capacity = 1024;

    /// <summary>Statuses in one feedback packet; the rest goes into the next.</summary>
    public const int MaxStatuses = 400;

    internal const long NanosecondsPerTick = 250_000;
    internal const long TicksPerReference = 256;

    private readonly long[] _sequence = new long[Capacity];
    private readonly long[] _ticks = new long[Capacity];
    private SequenceUnwrapper _unwrapper;
    private long _next;
    private byte _count;

    /// <summary>True when a packet arrived that no feedback has told of.</summary>
    public bool HasNews { get; private set; }

    /// <param name="transportSequence">From the header extension.</param>
    public void OnPacket(ushort transportSequence, MonoTime arrived)
    {
        bool first = !_unwrapper.Started;
        long sequence = _unwrapper.Unwrap(new SeqNo(transportSequence));
        if (sequence <= _unwrapper.Highest - Capacity)
        {
            return;
        }

        int slot = (int)(sequence % Capacity);
        if (_sequence[slot] == sequence)
        {
            return; // a duplicate keeps the first arrival
        }

        _next = first ? sequence : Math.Max(_next, _unwrapper.Highest - Capacity + 1);
        if (sequence < _next)
        {
            _next = sequence; // a late packet: told again from here, senders ignore what they know
        }

        _sequence[slot] = sequence;
        _ticks[slot] = arrived.Nanoseconds / NanosecondsPerTick;
        HasNews = true;
    }

    /// <summary>Appends one feedback packet. Call again while <see cref="HasNews"/>. False when there is no news or no room.</summary>
    /// <param name="media">Any source of the connection's media.</param>
    public bool TryWrite(ref RtcpWriter writer, Ssrc sender, Ssrc media)
    {
        if (!HasNews)
        {
            return false;
        }

        SkipOldHoles();
        Span<byte> symbols = stackalloc byte[MaxStatuses];
        Span<short> deltas = stackalloc short[MaxStatuses];
        int count = Collect(symbols, deltas, out int received, out int deltaBytes, out long reference);
        Span<byte> chunks = stackalloc byte[MaxStatuses * 2];
        int chunkBytes = EncodeChunks(symbols[..count], chunks);
        int length = 16 + chunkBytes + deltaBytes, padded = (length + 3) & ~3;
        if (!writer.Begin(RtcpType.TransportFeedback, RtcpFormat.TransportCc, padded, out Span<byte> body))
        {
            return false;
        }

        RtcpWriter.WriteSources(body, sender, media);
        BinaryPrimitives.WriteUInt16BigEndian(body[8..], (ushort)(_next & 0xFFFF));
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], (ushort)count);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], ((uint)(reference & 0xFF_FFFF) << 8) | _count);
        chunks[..chunkBytes].CopyTo(body[16..]);
        WriteDeltas(body[(16 + chunkBytes)..], symbols[..count], deltas);
        body[length..].Clear();
        _count = unchecked((byte)(_count + 1));
        _next += count;
        HasNews = _next <= _unwrapper.Highest;
        return received > 0;
    }

    // A long run of lost packets is not worth telling: senders have long concluded it, and it would fill the report.
    private void SkipOldHoles()
    {
        long first = _next;
        while (_sequence[(int)(first % Capacity)] != first)
        {
            first++;
        }

        _next = first - _next > MaxStatuses / 2 ? first : _next;
    }

    // Symbols: 0 not received, 1 small delta (one byte, 0 to 63.75 ms), 2 large or negative delta (two bytes).
    private int Collect(Span<byte> symbols, Span<short> deltas, out int received, out int deltaBytes, out long reference)
    {
        (received, deltaBytes, reference) = (0, 0, 0);
        int count = (int)Math.Min(MaxStatuses, _unwrapper.Highest - _next + 1), used = 0;
        long last = 0;
        for (int i = 0; i < count; i++)
        {
            int slot = (int)((_next + i) % Capacity);
            if (_sequence[slot] != _next + i)
            {
                symbols[i] = 0;
                continue;
            }

            if (received == 0)
            {
                reference = _ticks[slot] / TicksPerReference;
                last = reference * TicksPerReference;
            }

            long delta = _ticks[slot] - last;
            if (delta is < short.MinValue or > short.MaxValue)
            {
                break; // told by the next feedback, with its own reference time
            }

            symbols[i] = delta is >= 0 and <= 255 ? (byte)1 : (byte)2;
            deltas[i] = (short)delta;
            deltaBytes += symbols[i];
            last = _ticks[slot];
            received++;
            used = i + 1;
        }

        return used;
    }

    private static int EncodeChunks(ReadOnlySpan<byte> symbols, Span<byte> output)
    {
        int length = 0;
        for (int i = 0; i < symbols.Length; length += 2)
        {
            ReadOnlySpan<byte> rest = symbols[i..];
            int run = rest.IndexOfAnyExcept(rest[0]);
            run = run < 0 ? rest.Length : run;
            ReadOnlySpan<byte> vector = rest[..Math.Min(14, rest.Length)];
            bool large = vector.Contains((byte)2);
            int chunk, taken;
            if (run >= (large ? 7 : 14) || run == rest.Length)
            {
                (chunk, taken) = ((rest[0] << 13) | run, run);
            }
            else if (!large)
            {
                (chunk, taken) = (0x8000 | Pack(vector, 1, 13), vector.Length);
            }
            else
            {
                vector = rest[..Math.Min(7, rest.Length)];
                (chunk, taken) = (0xC000 | Pack(vector, 2, 12), vector.Length);
            }

            BinaryPrimitives.WriteUInt16BigEndian(output[length..], (ushort)chunk);
            i += taken;
        }

        return length;
    }

    private static int Pack(ReadOnlySpan<byte> symbols, int bits, int topShift)
    {
        int packed = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            packed |= symbols[i] << (topShift - (i * bits));
        }

        return packed;
    }

    private static void WriteDeltas(Span<byte> output, ReadOnlySpan<byte> symbols, ReadOnlySpan<short> deltas)
    {
        int at = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            if (symbols[i] == 1)
            {
                output[at] = (byte)deltas[i];
            }
            else if (symbols[i] == 2)
            {
                BinaryPrimitives.WriteInt16BigEndian(output[at..], deltas[i]);
            }

            at += symbols[i];
        }
    }
}
