using System.Buffers.Binary;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>Takes single payloads apart into a frame's bytes.</summary>
internal static class Payloads
{
    /// <summary>
    /// True when what comes before the payload belongs to an earlier picture, whatever marker and timestamp say: a VP8 frame's first bytes; for H.264
    /// a first slice, a parameter set or a delimiter (ITU-T H.264 §7.4.1.2.3).
    /// </summary>
    public static bool BeginsPicture(CodecKind codec, ReadOnlySpan<byte> payload) => codec switch
    {
        CodecKind.Opus => true,
        CodecKind.Vp8 => Vp8Descriptor.TryRead(payload, out Vp8Descriptor d) && d.StartsFrame,
        CodecKind.H264 => FirstUnit(payload) is [var header, .. var rest] && NalType.Of(header) switch
        {
            NalType.Sps or NalType.Pps or NalType.Delimiter => true,
            var type => NalType.IsSlice(type) && NalType.IsFirstSlice(rest),
        },
    };

    /// <summary>True when the payload is a later piece of a picture that has begun.</summary>
    public static bool ContinuesPicture(CodecKind codec, ReadOnlySpan<byte> payload) => codec switch
    {
        CodecKind.Opus => false,
        CodecKind.Vp8 => !BeginsPicture(codec, payload),
        CodecKind.H264 => FirstUnit(payload) is not [var header, .. var rest] || (NalType.IsSlice(NalType.Of(header)) && !NalType.IsFirstSlice(rest)),
    };

    /// <summary>False when the payload cannot be the first of its frame.</summary>
    public static bool MayStartFrame(CodecKind codec, ReadOnlySpan<byte> payload) => codec switch
    {
        CodecKind.Opus => true,
        CodecKind.Vp8 => Vp8Descriptor.TryRead(payload, out Vp8Descriptor d) && d.StartsFrame,
        CodecKind.H264 => BeginsPicture(codec, payload) || FirstUnit(payload) is [var header, ..] && NalType.Of(header) == NalType.Sei,
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

        frame.HasPicture = true;
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
        // Filler and ends of sequences say nothing, and would stand behind a picture that is already whole.
        if (NalType.Of(unit[0]) is not (NalType.Filler or NalType.SequenceEnd or NalType.StreamEnd))
        {
            frame.BeginUnit(unit[0], unit[1..]);
            frame.EndUnit();
        }

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
        if (start == frame.HasOpenUnit)
        {
            return false;
        }

        if (start)
        {
            frame.BeginUnit((byte)((payload[0] & 0xE0) | (payload[1] & 0x1F)), payload[2..]);
        }
        else
        {
            frame.Append(payload[2..]);
        }

        // Start and end in one packet: RFC 6184 §5.8 forbids it, encoders do it.
        if (end)
        {
            frame.EndUnit();
        }

        return !frame.IsBroken;
    }

    /// <summary>The payload's first NAL unit, as much of it as has come: of an aggregate its first one, of a fragment the beginning; empty for a later fragment.</summary>
    private static ReadOnlySpan<byte> FirstUnit(ReadOnlySpan<byte> payload) => NalType.Of(payload[0]) switch
    {
        NalType.StapA => payload.Length > 3 ? payload[3..] : default,
        NalType.FuA => payload.Length > 2 && (payload[1] & 0x80) != 0 ? payload[1..] : default,
        _ => payload,
    };
}
