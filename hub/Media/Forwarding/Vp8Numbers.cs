namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// The picture id and TL0PICIDX of a VP8 stream as a subscriber sees them (RFC 7741 §4.2): they go on without a gap when the source changes.
/// Reads and patches the payload descriptor in place; a descriptor without these fields is left alone.
/// </summary>
internal struct Vp8Numbers
{
    private bool _any;
    private ushort _pictureId;
    private byte _tl0;

    /// <summary>Offsets that make the numbers of the payload follow the last ones noted; zero for the first stretch.</summary>
    public readonly (ushort PictureId, byte Tl0) OffsetsFor(ReadOnlySpan<byte> payload)
    {
        if (!_any || !TryLocate(payload, out int picture, out int tl0))
        {
            return default;
        }

        ushort pictureOffset = picture < 0 ? (ushort)0 : unchecked((ushort)((_pictureId + 1 - ReadPicture(payload, picture)) & 0x7FFF));
        byte tl0Offset = tl0 < 0 ? (byte)0 : unchecked((byte)(_tl0 + 1 - payload[tl0]));
        return (pictureOffset, tl0Offset);
    }

    /// <summary>Adds the offsets to the numbers in the payload.</summary>
    public static void Patch(Span<byte> payload, ushort pictureOffset, byte tl0Offset)
    {
        if (!TryLocate(payload, out int picture, out int tl0))
        {
            return;
        }

        if (picture >= 0)
        {
            int value = (ReadPicture(payload, picture) + pictureOffset) & 0x7FFF;
            if ((payload[picture] & 0x80) != 0)
            {
                payload[picture] = (byte)(0x80 | (value >> 8));
                payload[picture + 1] = (byte)(value & 0xFF);
            }
            else
            {
                payload[picture] = (byte)(value & 0x7F);
            }
        }

        if (tl0 >= 0)
        {
            payload[tl0] = unchecked((byte)(payload[tl0] + tl0Offset));
        }
    }

    public void Note(ReadOnlySpan<byte> payload)
    {
        if (!TryLocate(payload, out int picture, out int tl0))
        {
            return;
        }

        if (picture >= 0)
        {
            ushort value = ReadPicture(payload, picture);
            int mask = (payload[picture] & 0x80) != 0 ? 0x7FFF : 0x7F;
            if (!_any || ((value - _pictureId) & mask) <= mask / 2)
            {
                _pictureId = value;
            }
        }

        if (tl0 >= 0 && (!_any || unchecked((sbyte)(payload[tl0] - _tl0)) > 0))
        {
            _tl0 = payload[tl0];
        }

        _any = true;
    }

    private static ushort ReadPicture(ReadOnlySpan<byte> payload, int at) =>
        (payload[at] & 0x80) != 0 ? (ushort)(((payload[at] & 0x7F) << 8) | payload[at + 1]) : payload[at];

    /// <summary>Byte offsets of the fields, −1 where absent; false for a descriptor that is cut short or has none of them.</summary>
    private static bool TryLocate(ReadOnlySpan<byte> payload, out int picture, out int tl0)
    {
        (picture, tl0) = (-1, -1);
        if (payload.Length < 2 || (payload[0] & 0x80) == 0)
        {
            return false;
        }

        byte flags = payload[1];
        int at = 2;
        if ((flags & 0x80) != 0)
        {
            if (payload.Length <= at)
            {
                return false;
            }

            picture = at;
            at += (payload[at] & 0x80) != 0 ? 2 : 1;
        }

        if ((flags & 0x40) != 0)
        {
            tl0 = at;
            at++;
        }

        return at <= payload.Length && (picture >= 0 || tl0 >= 0);
    }
}
