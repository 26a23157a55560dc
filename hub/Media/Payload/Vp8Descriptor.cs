using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Payload;

/// <summary>
/// The VP8 payload descriptor (RFC 7741 §4.2) as values and offsets into the payload.
/// <code>
///      0 1 2 3 4 5 6 7
///     |X|R|N|S|R| PID | (required)
/// X:  |I|L|T|K| RSV   |
/// I:  |M| PictureID   |  M: one more byte
/// L:  |   TL0PICIDX   |
/// T/K:|TID|Y| KEYIDX  |
/// </code>
/// </summary>
public readonly record struct Vp8Descriptor
{
    /// <summary>Bytes of the descriptor, 1 to 6; the VP8 bitstream follows.</summary>
    public int Length { get; init; }

    /// <summary>The packet begins partition <see cref="Partition"/>.</summary>
    public bool StartsPartition { get; init; }

    /// <summary>0 to 7.</summary>
    public byte Partition { get; init; }

    /// <summary>No other frame refers to this one: it may be dropped.</summary>
    public bool NonReference { get; init; }

    /// <summary>7 or 15 bits; null: absent.</summary>
    public ushort? PictureId { get; init; }

    public bool HasLongPictureId { get; init; }

    /// <summary>Null: absent.</summary>
    public byte? Tl0PictureIndex { get; init; }

    /// <summary>Temporal layer 0 to 3; null: absent.</summary>
    public byte? TemporalLayer { get; init; }

    /// <summary>The frame depends on the base layer only: a layer switch may happen here.</summary>
    public bool LayerSync { get; init; }

    /// <summary>The packet begins a frame.</summary>
    public bool StartsFrame => StartsPartition && Partition == 0;

    /// <summary>Never throws, never allocates. False when the descriptor is cut short or nothing follows it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor)
    {
        descriptor = default;
        if (payload.Length < 2)
        {
            return false;
        }

        byte first = payload[0], flags = (first & 0x80) != 0 ? payload[1] : (byte)0;
        int at = (first & 0x80) != 0 ? 2 : 1;
        ushort? picture = null;
        bool longId = false;
        byte? tl0 = null, layer = null;
        bool sync = false;
        if ((flags & 0x80) != 0)
        {
            if (at >= payload.Length || ((payload[at] & 0x80) != 0 && at + 1 >= payload.Length))
            {
                return false;
            }

            longId = (payload[at] & 0x80) != 0;
            picture = longId ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[at..]) & 0x7FFF) : payload[at];
            at += longId ? 2 : 1;
        }

        if ((flags & 0x40) != 0)
        {
            tl0 = at < payload.Length ? payload[at] : (byte)0;
            at++;
        }

        if ((flags & 0x30) != 0)
        {
            byte last = at < payload.Length ? payload[at] : (byte)0;
            at++;
            if ((flags & 0x20) != 0)
            {
                (layer, sync) = ((byte)(last >> 6), (last & 0x20) != 0);
            }
        }

        if (at >= payload.Length)
        {
            return false;
        }

        descriptor = new Vp8Descriptor
        {
            Length = at,
            StartsPartition = (first & 0x10) != 0,
            Partition = (byte)(first & 0x07),
            NonReference = (first & 0x20) != 0,
            PictureId = picture,
            HasLongPictureId = longId,
            Tl0PictureIndex = tl0,
            TemporalLayer = layer,
            LayerSync = sync,
        };
        return true;
    }

    /// <summary>
    /// Overwrites picture id and TL0PICIDX in a payload whose descriptor this is, without changing its length: a 7-bit picture id stays 7-bit.
    /// Absent fields stay absent. For switches between simulcast layers.
    /// </summary>
    /// <param name="payload">The payload this was read from, or a copy of it.</param>
    public void Rewrite(Span<byte> payload, ushort pictureId, byte tl0PictureIndex)
    {
        int at = 2;
        if (PictureId is not null)
        {
            if (HasLongPictureId)
            {
                BinaryPrimitives.WriteUInt16BigEndian(payload[at..], (ushort)(pictureId | 0x8000));
            }
            else
            {
                payload[at] = (byte)(pictureId & 0x7F);
            }

            at += HasLongPictureId ? 2 : 1;
        }

        if (Tl0PictureIndex is not null)
        {
            payload[at] = tl0PictureIndex;
        }
    }
}
