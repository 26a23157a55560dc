namespace ThreeClassrooms.Media.Payload;

/// <summary>The beginning of a VP8 frame (RFC 6386 §9.1): frame tag, and for key frames start code and size.</summary>
public readonly record struct Vp8Frame(bool IsKey, int Width, int Height)
{
    /// <param name="frame">The bitstream behind the payload descriptor.</param>
    /// <param name="head">Width and height are 0 when the frame is no key frame.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, out Vp8Frame head)
    {
        head = default;
        if (frame.Length < 3)
        {
            return false;
        }

        if ((frame[0] & 1) != 0)
        {
            return true;
        }

        if (frame.Length < 10 || frame[3] != 0x9D || frame[4] != 0x01 || frame[5] != 0x2A)
        {
            return false;
        }

        head = new Vp8Frame(true, (frame[6] | (frame[7] << 8)) & 0x3FFF, (frame[8] | (frame[9] << 8)) & 0x3FFF);
        return true;
    }
}
