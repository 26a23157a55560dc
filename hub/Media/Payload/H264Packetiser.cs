using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Payload;

/// <summary>
/// Cuts one access unit into RTP payloads (RFC 6184, packetization-mode 1): small NAL units share a STAP-A, large ones go as FU-A, others alone.
/// Access unit delimiters and filler are left out. In place, without allocation.
/// </summary>
public ref struct H264Packetiser
{
    private readonly int _maxPayload;
    private NalReader _reader;
    private ReadOnlySpan<byte> _unit;
    private int _fragmentAt;

    /// <param name="accessUnit">One picture with its parameter sets; must stay unchanged while payloads are taken.</param>
    /// <param name="maxPayload">Bytes of one payload, 64 or more.</param>
    public H264Packetiser(ReadOnlySpan<byte> accessUnit, NalForm form, int maxPayload)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayload, 64);
        _maxPayload = maxPayload;
        _reader = new NalReader(accessUnit, form);
        Advance();
    }

    /// <summary>The next payload. False when the access unit is done.</summary>
    /// <param name="output">maxPayload bytes or more.</param>
    /// <param name="last">The payload ends the access unit: its packet carries the marker.</param>
    public bool TryNext(Span<byte> output, out int length, out bool last)
    {
        length = 0;
        last = false;
        if (_unit.Length == 0)
        {
            return false;
        }

        length = _unit.Length > _maxPayload ? Fragment(output) : Aggregate(output);
        last = _unit.Length == 0;
        return true;
    }

    private void Advance()
    {
        _unit = default;
        _fragmentAt = 0;
        while (_reader.MoveNext())
        {
            if (NalType.Of(_reader.Current[0]) is not (NalType.Delimiter or NalType.Filler or 0 or > 23))
            {
                _unit = _reader.Current;
                return;
            }
        }
    }

    private int Fragment(Span<byte> output)
    {
        byte header = _unit[0];
        bool start = _fragmentAt == 0;
        int from = start ? 1 : _fragmentAt, size = Math.Min(_maxPayload - 2, _unit.Length - from);
        bool end = from + size == _unit.Length;
        output[0] = (byte)((header & 0xE0) | NalType.FuA);
        output[1] = (byte)((header & 0x1F) | (start ? 0x80 : 0) | (end ? 0x40 : 0));
        _unit.Slice(from, size).CopyTo(output[2..]);
        _fragmentAt = from + size;
        if (end)
        {
            Advance();
        }

        return size + 2;
    }

    private int Aggregate(Span<byte> output)
    {
        ReadOnlySpan<byte> first = _unit;
        Advance();
        if (_unit.Length == 0 || 1 + 2 + first.Length + 2 + _unit.Length > _maxPayload)
        {
            first.CopyTo(output);
            return first.Length;
        }

        // The aggregate's NRI is the highest of its units (RFC 6184 §5.7).
        int importance = first[0] & 0x60, length = 1 + Append(output[1..], first);
        while (_unit.Length > 0 && length + 2 + _unit.Length <= _maxPayload)
        {
            importance = Math.Max(importance, _unit[0] & 0x60);
            length += Append(output[length..], _unit);
            Advance();
        }

        output[0] = (byte)(importance | NalType.StapA);
        return length;
    }

    private static int Append(Span<byte> output, ReadOnlySpan<byte> unit)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output, (ushort)unit.Length);
        unit.CopyTo(output[2..]);
        return unit.Length + 2;
    }
}
