using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>The sequence numbers of a generic NACK (RFC 4585 §6.2.1), expanded from packet identifiers and bit masks, in place.</summary>
public ref struct NackList
{
    private ReadOnlySpan<byte> _rest;
    private SeqNo _base;
    private ushort _mask;

    internal NackList(ReadOnlySpan<byte> items) => _rest = items;

    public SeqNo Current { get; private set; }

    public readonly NackList GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_mask != 0)
        {
            int bit = System.Numerics.BitOperations.TrailingZeroCount(_mask);
            _mask = (ushort)(_mask & (_mask - 1));
            Current = _base + (bit + 1);
            return true;
        }

        if (_rest.Length < 4)
        {
            return false;
        }

        Current = _base = new SeqNo(BinaryPrimitives.ReadUInt16BigEndian(_rest));
        _mask = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        _rest = _rest[4..];
        return true;
    }
}
