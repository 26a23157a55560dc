using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>The payload of a retransmission (RFC 4588 §4): the original sequence number, then the original payload.</summary>
public static class RtxPayload
{
    public const int OverheadLength = 2;

    /// <summary>False for an empty payload or a pure padding probe.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out SeqNo original, out ReadOnlySpan<byte> inner)
    {
        bool ok = payload.Length > OverheadLength;
        original = ok ? new SeqNo(BinaryPrimitives.ReadUInt16BigEndian(payload)) : default;
        inner = ok ? payload[OverheadLength..] : default;
        return ok;
    }

    /// <param name="output">2 bytes more than <paramref name="inner"/>, or more.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> output, SeqNo original, ReadOnlySpan<byte> inner)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output, original.Value);
        inner.CopyTo(output[OverheadLength..]);
        return inner.Length + OverheadLength;
    }
}
