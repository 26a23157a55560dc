using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Payload;

/// <summary>Picks the parameter sets out of a stream of single H.264 payloads, without making pictures of them. One owner; allocates only for sets that are new.</summary>
internal sealed class ParameterSetFinder
{
    private byte[]? _fragments; // of a set that comes in pieces
    private int _length;
    private long _next = -1;

    public ParameterSets Sets { get; } = new();

    /// <param name="sequence">On a line that does not wrap.</param>
    public void OnPayload(long sequence, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2)
        {
            return;
        }

        switch (NalType.Of(payload[0]))
        {
            case NalType.Sps or NalType.Pps:
                Sets.Learn(payload);
                break;
            case NalType.StapA:
                OnAggregate(payload[1..]);
                break;
            case NalType.FuA when NalType.Of(payload[1]) is NalType.Sps or NalType.Pps:
                OnFragment(sequence, payload);
                break;
            default:
                break;
        }
    }

    private void OnAggregate(ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 2 && BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && length > 0 && 2 + length <= rest.Length)
        {
            Sets.Learn(rest.Slice(2, length));
            rest = rest[(2 + length)..];
        }
    }

    private void OnFragment(long sequence, ReadOnlySpan<byte> payload)
    {
        _fragments ??= new byte[ParameterSets.MaxUnit];
        ReadOnlySpan<byte> piece = payload[2..];
        if ((payload[1] & 0x80) != 0)
        {
            _fragments[0] = (byte)((payload[0] & 0xE0) | (payload[1] & 0x1F));
            (_length, _next) = (1, sequence);
        }

        if (sequence != _next || _length + piece.Length > _fragments.Length)
        {
            _next = -1;
            return;
        }

        piece.CopyTo(_fragments.AsSpan(_length));
        (_length, _next) = (_length + piece.Length, sequence + 1);
        if ((payload[1] & 0x40) != 0)
        {
            Sets.Learn(_fragments.AsSpan(0, _length));
            _next = -1;
        }
    }
}
