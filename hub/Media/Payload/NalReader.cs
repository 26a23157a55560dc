using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Payload;

/// <summary>How NAL units stand in a buffer.</summary>
public enum NalForm
{
    /// <summary>Each behind a start code 00 00 01 or 00 00 00 01 (ITU-T H.264 annex B).</summary>
    AnnexB,

    /// <summary>Each behind its length in 4 bytes, big-endian (ISO/IEC 14496-15, as in MP4 and Matroska).</summary>
    LengthPrefixed,
}

/// <summary>Enumerates the NAL units of a buffer in place; empty and malformed rests are skipped. Never throws.</summary>
public ref struct NalReader
{
    private readonly NalForm _form;
    private ReadOnlySpan<byte> _rest;

    public NalReader(ReadOnlySpan<byte> buffer, NalForm form)
    {
        _form = form;
        _rest = form == NalForm.AnnexB ? SkipStartCode(buffer) : buffer;
    }

    /// <summary>One NAL unit with its header byte, at least one byte.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly NalReader GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_rest.Length > 0)
        {
            Current = _form == NalForm.AnnexB ? TakeAnnexB() : TakeLengthPrefixed();
            if (Current.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> SkipStartCode(ReadOnlySpan<byte> buffer)
    {
        int at = buffer.IndexOf("\0\0\x01"u8);
        return at < 0 ? default : buffer[(at + 3)..];
    }

    private ReadOnlySpan<byte> TakeAnnexB()
    {
        int next = _rest.IndexOf("\0\0\x01"u8);
        ReadOnlySpan<byte> unit = next < 0 ? _rest : _rest[..next];
        _rest = next < 0 ? default : _rest[(next + 3)..];
        return unit.TrimEnd((byte)0); // the fourth byte of a long start code, and trailing_zero_8bits
    }

    private ReadOnlySpan<byte> TakeLengthPrefixed()
    {
        uint length = _rest.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(_rest) : uint.MaxValue;
        if (length > _rest.Length - 4)
        {
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> unit = _rest.Slice(4, (int)length);
        _rest = _rest[(4 + (int)length)..];
        return unit;
    }
}
