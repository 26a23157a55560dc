using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>Writes a header extension (RFC 8285) directly behind the fixed header and contributing sources. The caller sets the X bit.</summary>
public ref struct RtpExtensionWriter
{
    private readonly Span<byte> _output;
    private readonly bool _twoByte;
    private int _length = 4;

    /// <param name="output">Starts where the extension's 4-byte head goes; 4 bytes or more.</param>
    /// <param name="twoByte">True when identifiers above 14, empty values or values above 16 bytes are to be written.</param>
    public RtpExtensionWriter(Span<byte> output, bool twoByte)
    {
        _output = output;
        _twoByte = twoByte;
    }

    /// <summary>
    /// Adds one element. False, and nothing written, when it does not fit the room or the form (identifier 1–14 and 1–16 bytes; two-byte: 1–255 and 0–255 bytes).
    /// </summary>
    /// <param name="value">Copied.</param>
    public bool Add(byte id, scoped ReadOnlySpan<byte> value)
    {
        if (!Reserve(id, value.Length, out int offset))
        {
            return false;
        }

        value.CopyTo(_output[offset..]);
        return true;
    }

    /// <summary>Adds an element of zeros to be filled in later; <paramref name="offset"/> counts from the start of the writer's output.</summary>
    public bool Reserve(byte id, int length, out int offset)
    {
        int head = _twoByte ? 2 : 1;
        offset = _length + head;
        bool fits = _twoByte ? id != 0 && length is >= 0 and <= 255 : id is > 0 and < 15 && length is >= 1 and <= 16;
        if (!fits || ((offset + length + 3) & ~3) > _output.Length)
        {
            return false;
        }

        if (_twoByte)
        {
            _output[_length] = id;
            _output[_length + 1] = (byte)length;
        }
        else
        {
            _output[_length] = (byte)((id << 4) | (length - 1));
        }

        _output.Slice(offset, length).Clear();
        _length = offset + length;
        return true;
    }

    /// <summary>Pads to 4 bytes and writes the head.</summary>
    /// <returns>Bytes of the extension with its head; 0 when no element was added (then the X bit stays clear).</returns>
    public int Finish()
    {
        if (_length == 4)
        {
            return 0;
        }

        int padded = (_length + 3) & ~3;
        _output[_length..padded].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(_output, _twoByte ? RtpExtensions.TwoByteProfile : RtpExtensions.OneByteProfile);
        BinaryPrimitives.WriteUInt16BigEndian(_output[2..], (ushort)((padded - 4) / 4));
        return padded;
    }
}
