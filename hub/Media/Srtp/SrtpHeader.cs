using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>The three things SRTP must know of an RTP header (RFC 3550 §5.1): where the payload begins, sequence number and source.</summary>
internal readonly record struct SrtpHeader(int Length, ushort Sequence, uint Ssrc)
{
    public const int MinimumLength = 12;

    /// <summary>Never throws; false for anything that is not an RTP version 2 header with all its parts present.</summary>
    public static bool TryRead(ReadOnlySpan<byte> wire, out SrtpHeader header)
    {
        header = default;
        if (wire.Length < MinimumLength || wire[0] >> 6 != 2)
        {
            return false;
        }

        var length = MinimumLength + ((wire[0] & 0x0F) * 4);
        if ((wire[0] & 0x10) != 0)
        {
            if (wire.Length < length + 4)
            {
                return false;
            }

            length += 4 + (BinaryPrimitives.ReadUInt16BigEndian(wire[(length + 2)..]) * 4);
        }

        if (wire.Length < length)
        {
            return false;
        }

        header = new SrtpHeader(length, BinaryPrimitives.ReadUInt16BigEndian(wire[2..]), BinaryPrimitives.ReadUInt32BigEndian(wire[8..]));
        return true;
    }
}
