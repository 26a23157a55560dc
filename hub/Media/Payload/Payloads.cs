using System.Buffers.Binary;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>Takes single payloads apart into a frame's bytes.</summary>
internal static class Payloads
{
    /// <summary>False when the payload cannot be the first of its frame.</summary>
    public static bool MayStartFrame(CodecKind codec, ReadOnlySpan<byte> payload) => codec switch
    {
        CodecKind.Opus => true,
        CodecKind.Vp8 => Vp8Descriptor.TryRead(payload, out Vp8Descriptor d) && d.StartsFrame,
        CodecKind.H264 => H264MayStart(payload),
    };

    /// <summary>False when the payload is malformed or does not continue what was begun.</summary>
    public static bool Append(CodecKind codec, ReadOnlySpan<byte> payload, FrameBuffer frame)
    {
        switch (codec)
        {
            case CodecKind.Opus:
                frame.Append(payload);
                frame.IsKey = true;
                return true;
            case CodecKind.Vp8:
                return AppendVp8(payload, frame);
            case CodecKind.H264:
                return AppendH264(payload, frame);
            default:
                return false;
        }
    }

    private static bool AppendVp8(ReadOnlySpan<byte> payload, FrameBuffer frame)
    {
        if (!Vp8Descriptor.TryRead(payload, out Vp8Descriptor descriptor) || descriptor.StartsFrame != (frame.Length == 0))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = payload[descriptor.Length..];
        if (frame.Length == 0)
        {
            frame.IsKey = (bytes[0] & 1) == 0;
        }

        frame.Append(bytes);
        return !frame.IsBroken;
    }

    private static bool AppendH264(ReadOnlySpan<byte> payload, FrameBuffer frame)
    {
        int type = NalType.Of(payload[0]);
        if (type == NalType.FuA)
        {
            return AppendFragment(payload, frame);
        }

        if (frame.HasOpenUnit)
        {
            return false; // a fragmented unit must end before the next begins
        }

        return type switch
        {
            >= 1 and <= 23 => AppendUnit(payload, frame),
            NalType.StapA => AppendAggregate(payload[1..], frame),
            _ => false,
        };
    }

    private static bool AppendUnit(ReadOnlySpan<byte> unit, FrameBuffer frame)
    {
        frame.BeginUnit();
        frame.Append(unit);
        frame.EndUnit();
        frame.IsKey |= NalType.Of(unit[0]) == NalType.Idr;
        return !frame.IsBroken;
    }

    private static bool AppendAggregate(ReadOnlySpan<byte> rest, FrameBuffer frame)
    {
        while (rest.Length >= 3)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (length == 0 || 2 + length > rest.Length || !AppendUnit(rest.Slice(2, length), frame))
            {
                return false;
            }

            rest = rest[(2 + length)..];
        }

        return rest.Length == 0;
    }

    private static bool AppendFragment(ReadOnlySpan<byte> payload, FrameBuffer frame)
    {
        if (payload.Length < 3)
        {
            return false;
        }

        bool start = (payload[1] & 0x80) != 0, end = (payload[1] & 0x40) != 0;
        if (start == frame.HasOpenUnit || (start && end))
        {
            return false;
        }

        if (start)
        {
            frame.BeginUnit();
            frame.Append([(byte)((payload[0] & 0xE0) | (payload[1] & 0x1F))]);
            frame.IsKey |= NalType.Of(payload[1]) == NalType.Idr;
        }

        frame.Append(payload[2..]);
        if (end)
        {
            frame.EndUnit();
        }

        return !frame.IsBroken;
    }

    // A parameter set, delimiter or SEI, or a slice whose first_mb_in_slice is 0: its Exp-Golomb code is the single bit 1.
    private static bool H264MayStart(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> unit = payload;
        if (NalType.Of(payload[0]) == NalType.StapA && payload.Length > 3)
        {
            unit = payload[3..];
        }
        else if (NalType.Of(payload[0]) == NalType.FuA)
        {
            if (payload.Length < 3 || (payload[1] & 0x80) == 0)
            {
                return false;
            }

            unit = payload[1..];
        }

        return NalType.Of(unit[0]) switch
        {
            NalType.Slice or NalType.Idr => unit.Length > 1 && (unit[1] & 0x80) != 0,
            NalType.Sps or NalType.Pps or NalType.Sei or NalType.Delimiter => true,
            _ => false,
        };
    }
}
