using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>What a sequence parameter set says of the picture (ITU-T H.264 §7.3.2.1.1).</summary>
/// <param name="Width">Pixels after cropping.</param>
/// <param name="Height">Pixels after cropping.</param>
public readonly record struct SequenceParameters(H264Profile Profile, int Width, int Height)
{
    /// <summary>Reads an SPS NAL unit with its header byte. False for other units, short ones, and sizes outside 1–16384.</summary>
    public static bool TryRead(ReadOnlySpan<byte> unit, out SequenceParameters parameters)
    {
        parameters = default;
        if (unit.Length < 5 || NalType.Of(unit[0]) != NalType.Sps)
        {
            return false;
        }

        var profile = new H264Profile(unit[1], unit[2], unit[3]);
        var bits = new BitReader(unit[4..]);
        bits.Unsigned(); // seq_parameter_set_id
        uint chroma = 1;
        bool separate = false;
        if (profile.Idc is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            SkipHighProfile(ref bits, out chroma, out separate);
        }

        bits.Unsigned(); // log2_max_frame_num_minus4
        SkipPictureOrder(ref bits);
        bits.Unsigned(); // max_num_ref_frames
        bits.Bit();      // gaps_in_frame_num_value_allowed_flag
        long widthBlocks = bits.Unsigned() + 1L, heightUnits = bits.Unsigned() + 1L;
        bool framesOnly = bits.Bit();
        if (!framesOnly)
        {
            bits.Bit(); // mb_adaptive_frame_field_flag
        }

        bits.Bit(); // direct_8x8_inference_flag
        long fields = framesOnly ? 1 : 2, width = widthBlocks * 16, height = heightUnits * 16 * fields;
        if (bits.Bit())
        {
            long unitX = chroma is 1 or 2 && !separate ? 2 : 1, unitY = (chroma == 1 && !separate ? 2 : 1) * fields;
            long left = bits.Unsigned(), right = bits.Unsigned(), top = bits.Unsigned(), bottom = bits.Unsigned();
            width -= (left + right) * unitX;
            height -= (top + bottom) * unitY;
        }

        if (bits.Overrun || width is < 1 or > 16384 || height is < 1 or > 16384)
        {
            return false;
        }

        parameters = new SequenceParameters(profile, (int)width, (int)height);
        return true;
    }

    private static void SkipHighProfile(ref BitReader bits, out uint chroma, out bool separate)
    {
        chroma = bits.Unsigned();
        separate = chroma == 3 && bits.Bit();
        bits.Unsigned(); // bit_depth_luma_minus8
        bits.Unsigned(); // bit_depth_chroma_minus8
        bits.Bit();      // qpprime_y_zero_transform_bypass_flag
        if (!bits.Bit())
        {
            return;
        }

        for (int list = 0; list < (chroma == 3 ? 12 : 8); list++)
        {
            if (bits.Bit())
            {
                SkipScalingList(ref bits, list < 6 ? 16 : 64);
            }
        }
    }

    private static void SkipScalingList(ref BitReader bits, int size)
    {
        int last = 8, next = 8;
        for (int i = 0; i < size && !bits.Overrun; i++)
        {
            if (next != 0)
            {
                next = unchecked(last + bits.Signed()) & 0xFF;
            }

            last = next == 0 ? last : next;
        }
    }

    private static void SkipPictureOrder(ref BitReader bits)
    {
        uint type = bits.Unsigned();
        if (type == 0)
        {
            bits.Unsigned(); // log2_max_pic_order_cnt_lsb_minus4
        }
        else if (type == 1)
        {
            bits.Bit();    // delta_pic_order_always_zero_flag
            bits.Signed(); // offset_for_non_ref_pic
            bits.Signed(); // offset_for_top_to_bottom_field
            uint cycle = bits.Unsigned();
            for (uint i = 0; i < cycle && i < 256 && !bits.Overrun; i++)
            {
                bits.Signed();
            }
        }
    }
}
