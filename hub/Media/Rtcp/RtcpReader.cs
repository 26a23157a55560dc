using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>Why an RTCP datagram was read only in part.</summary>
public enum RtcpError
{
    /// <summary>Every packet was read.</summary>
    None,

    /// <summary>Fewer than 4 bytes remain where a packet should begin.</summary>
    TooShort,

    /// <summary>The version field is not 2.</summary>
    BadVersion,

    /// <summary>A packet's length reaches past the datagram.</summary>
    BadLength,

    /// <summary>A padding count is 0 or larger than the packet.</summary>
    BadPadding,
}

/// <summary>
/// The packets of one datagram, compound (RFC 3550 §6.1) or reduced-size (RFC 5506), in order and in place. Never throws, never allocates.
/// Packets before a malformed one are still given; <see cref="Error"/> then says what ended the walk.
/// </summary>
/// <param name="datagram">Decrypted; not kept.</param>
public ref struct RtcpReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public RtcpPacket Current { get; private set; }

    public RtcpError Error { get; private set; }

    public readonly RtcpReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length == 0 || Error != RtcpError.None)
        {
            return false;
        }

        if (_rest.Length < RtcpPacket.HeaderLength)
        {
            Error = RtcpError.TooShort;
            return false;
        }

        byte first = _rest[0];
        int length = (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) + 1) * 4;
        if (first >> 6 != 2)
        {
            Error = RtcpError.BadVersion;
        }
        else if (length > _rest.Length)
        {
            Error = RtcpError.BadLength;
        }

        int padding = 0;
        if (Error == RtcpError.None && (first & 0x20) != 0)
        {
            padding = _rest[length - 1];
            Error = padding == 0 || padding > length - RtcpPacket.HeaderLength ? RtcpError.BadPadding : RtcpError.None;
        }

        if (Error != RtcpError.None)
        {
            return false;
        }

        Current = new RtcpPacket((RtcpType)_rest[1], (byte)(first & 0x1F), _rest[RtcpPacket.HeaderLength..(length - padding)]);
        _rest = _rest[length..];
        return true;
    }
}
