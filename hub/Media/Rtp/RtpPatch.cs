using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>Changes single fields of a written header in place. The spans start at the packet's first byte and hold a valid header.</summary>
public static class RtpPatch
{
    public static void Sequence(Span<byte> wire, SeqNo value) => BinaryPrimitives.WriteUInt16BigEndian(wire[2..], value.Value);

    public static void Timestamp(Span<byte> wire, RtpTime value) => BinaryPrimitives.WriteUInt32BigEndian(wire[4..], value.Value);

    public static void Source(Span<byte> wire, Ssrc value) => BinaryPrimitives.WriteUInt32BigEndian(wire[8..], value.Value);

    public static void PayloadType(Span<byte> wire, byte value) => wire[1] = (byte)((wire[1] & 0x80) | (value & 0x7F));

    public static void Marker(Span<byte> wire, bool value) => wire[1] = (byte)((wire[1] & 0x7F) | (value ? 0x80 : 0));

    public static void HasExtension(Span<byte> wire, bool value) => wire[0] = (byte)((wire[0] & ~0x10) | (value ? 0x10 : 0));
}
