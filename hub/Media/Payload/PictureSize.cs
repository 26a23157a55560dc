using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>Pixels of a picture.</summary>
public readonly record struct PictureSize(int Width, int Height)
{
    /// <summary>Reads the size from a whole key frame as <see cref="FrameAssembler"/> gives it; false when the frame does not say.</summary>
    public static bool TryRead(CodecKind codec, ReadOnlySpan<byte> frame, out PictureSize size)
    {
        size = default;
        if (codec == CodecKind.Vp8)
        {
            bool ok = Vp8Frame.TryRead(frame, out Vp8Frame head) && head.IsKey;
            size = new PictureSize(head.Width, head.Height);
            return ok;
        }

        if (codec == CodecKind.H264)
        {
            foreach (ReadOnlySpan<byte> unit in new NalReader(frame, NalForm.LengthPrefixed))
            {
                if (SequenceParameters.TryRead(unit, out SequenceParameters parameters))
                {
                    size = new PictureSize(parameters.Width, parameters.Height);
                    return true;
                }
            }
        }

        return false;
    }
}
