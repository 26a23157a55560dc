using System.Buffers.Binary;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>Recognises key frames from single RTP payloads, without reassembly.</summary>
public static class KeyFrames
{
    /// <summary>
    /// True when a decoder can begin with this packet: the first packet of a VP8 key frame; for H.264 a packet with a sequence parameter set or the
    /// first bytes of an IDR slice. An H.264 key frame may match in several packets; the first of its timestamp is the place to begin.
    /// </summary>
    public static bool StartsIn(CodecKind codec, ReadOnlySpan<byte> payload) => codec switch
    {
        CodecKind.Vp8 => Vp8Descriptor.TryRead(payload, out Vp8Descriptor d) && d.StartsFrame && (payload[d.Length] & 1) == 0,
        CodecKind.H264 => H264Starts(payload),
        CodecKind.Opus => true,
    };

    /// <summary>True for an H.264 aggregate that brings both kinds of parameter sets with it.</summary>
    public static bool HasParameterSets(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 4 || NalType.Of(payload[0]) != NalType.StapA)
        {
            return false;
        }

        bool sps = false, pps = false;
        ReadOnlySpan<byte> rest = payload[1..];
        while (rest.Length > 2)
        {
            sps |= NalType.Of(rest[2]) == NalType.Sps;
            pps |= NalType.Of(rest[2]) == NalType.Pps;
            rest = rest[Math.Min(rest.Length, 2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        }

        return sps && pps;
    }

    private static bool H264Starts(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2)
        {
            return false;
        }

        switch (NalType.Of(payload[0]))
        {
            case NalType.Sps or NalType.Idr:
                return true;
            case NalType.FuA:
                return (payload[1] & 0x80) != 0 && NalType.Of(payload[1]) is NalType.Idr or NalType.Sps;
            case NalType.StapA:
                return AggregateStarts(payload[1..]);
            default:
                return false;
        }
    }

    private static bool AggregateStarts(ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 2)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (NalType.Of(rest[2]) is NalType.Sps or NalType.Idr)
            {
                return true;
            }

            rest = rest[Math.Min(rest.Length, 2 + length)..];
        }

        return false;
    }
}
