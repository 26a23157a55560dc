using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>
/// The header of one RTP packet (RFC 3550 §5.1) as values and offsets into the datagram it was read from. Holds no reference to the bytes.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// |                           timestamp                           |
/// |           synchronization source (SSRC) identifier            |
/// </code>
/// </summary>
public readonly record struct RtpHeader
{
    /// <summary>Bytes of the header without contributing sources and extensions.</summary>
    public const int FixedLength = 12;

    /// <summary>0 to 127.</summary>
    public byte PayloadType { get; init; }

    public bool Marker { get; init; }

    public SeqNo Sequence { get; init; }

    public RtpTime Timestamp { get; init; }

    public Ssrc Ssrc { get; init; }

    /// <summary>0 to 15.</summary>
    public byte SourceCount { get; init; }

    /// <summary>The "defined by profile" field: 0xBEDE one-byte, 0x100x two-byte elements (RFC 8285); 0 when there is no extension.</summary>
    public ushort ExtensionProfile { get; init; }

    /// <summary>Where the extension's elements begin, after its 4-byte head; meaningful when <see cref="HasExtension"/>.</summary>
    public int ExtensionOffset { get; init; }

    /// <summary>Bytes of the elements, a multiple of 4; 0 is possible with an extension.</summary>
    public int ExtensionLength { get; init; }

    /// <summary>Bytes before the payload: fixed header, contributing sources and extension.</summary>
    public int HeaderLength { get; init; }

    /// <summary>Padding bytes at the end of the datagram, including the count byte.</summary>
    public int PaddingLength { get; init; }

    /// <summary>Bytes between header and padding; 0 for a pure padding (probe) packet.</summary>
    public int PayloadLength { get; init; }

    public bool HasExtension => ExtensionOffset != 0;

    /// <summary>The payload in the datagram this header was read from.</summary>
    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> wire) => wire.Slice(HeaderLength, PayloadLength);

    /// <summary>Reads the header at the start of <paramref name="wire"/>. Never throws, never allocates.</summary>
    /// <param name="wire">One whole decrypted datagram; not kept after the call.</param>
    /// <param name="header">Set only when the result is <see cref="RtpError.None"/>.</param>
    public static RtpError TryRead(ReadOnlySpan<byte> wire, out RtpHeader header)
    {
        header = default;
        if (wire.Length < FixedLength)
        {
            return RtpError.TooShort;
        }

        byte first = wire[0];
        if (first >> 6 != 2)
        {
            return RtpError.BadVersion;
        }

        int sources = first & 0x0F;
        int length = FixedLength + (sources * 4);
        if (length > wire.Length)
        {
            return RtpError.BadSources;
        }

        int extensionOffset = 0, extensionLength = 0;
        ushort profile = 0;
        if ((first & 0x10) != 0)
        {
            if (length + 4 > wire.Length)
            {
                return RtpError.BadExtension;
            }

            profile = BinaryPrimitives.ReadUInt16BigEndian(wire[length..]);
            extensionLength = BinaryPrimitives.ReadUInt16BigEndian(wire[(length + 2)..]) * 4;
            extensionOffset = length + 4;
            length = extensionOffset + extensionLength;
            if (length > wire.Length)
            {
                return RtpError.BadExtension;
            }
        }

        int padding = 0;
        if ((first & 0x20) != 0)
        {
            padding = wire[^1];
            if (padding == 0 || padding > wire.Length - length)
            {
                return RtpError.BadPadding;
            }
        }

        header = new RtpHeader
        {
            PayloadType = (byte)(wire[1] & 0x7F),
            Marker = (wire[1] & 0x80) != 0,
            Sequence = new SeqNo(BinaryPrimitives.ReadUInt16BigEndian(wire[2..])),
            Timestamp = new RtpTime(BinaryPrimitives.ReadUInt32BigEndian(wire[4..])),
            Ssrc = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(wire[8..])),
            SourceCount = (byte)sources,
            ExtensionProfile = profile,
            ExtensionOffset = extensionOffset,
            ExtensionLength = extensionLength,
            HeaderLength = length,
            PaddingLength = padding,
            PayloadLength = wire.Length - length - padding,
        };
        return RtpError.None;
    }

    /// <summary>Writes a fixed header without contributing sources, extension and padding.</summary>
    /// <param name="output">12 bytes or more.</param>
    /// <returns><see cref="FixedLength"/>.</returns>
    public static int Write(Span<byte> output, byte payloadType, bool marker, SeqNo sequence, RtpTime timestamp, Ssrc ssrc)
    {
        output[0] = 0x80;
        output[1] = (byte)((payloadType & 0x7F) | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], sequence.Value);
        BinaryPrimitives.WriteUInt32BigEndian(output[4..], timestamp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(output[8..], ssrc.Value);
        return FixedLength;
    }
}
