using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Payload;

/// <summary>Cuts one VP8 frame into RTP payloads (RFC 7741 §4) with a 15-bit picture id. In place, without allocation.</summary>
/// <param name="frame">Must stay unchanged while payloads are taken.</param>
/// <param name="pictureId">One more for each frame; 15 bits are used.</param>
/// <param name="maxPayload">Bytes of one payload, 64 or more.</param>
public ref struct Vp8Packetiser(ReadOnlySpan<byte> frame, ushort pictureId, int maxPayload)
{
    private const int DescriptorLength = 4;

    private readonly int _maxPayload = maxPayload;
    private ReadOnlySpan<byte> _rest = frame;
    private bool _started;

    /// <summary>The next payload. False when the frame is done.</summary>
    /// <param name="output">maxPayload bytes or more.</param>
    /// <param name="last">The payload ends the frame: its packet carries the marker.</param>
    public bool TryNext(Span<byte> output, out int length, out bool last)
    {
        int size = Math.Min(_rest.Length, _maxPayload - DescriptorLength);
        length = size + DescriptorLength;
        last = size == _rest.Length;
        if (size <= 0)
        {
            length = 0;
            return false;
        }

        output[0] = (byte)(0x80 | (_started ? 0 : 0x10));
        output[1] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)(pictureId | 0x8000));
        _rest[..size].CopyTo(output[DescriptorLength..]);
        _rest = _rest[size..];
        _started = true;
        return true;
    }
}
