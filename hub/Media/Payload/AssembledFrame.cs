using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>One whole frame, or the report of one that has holes.</summary>
public readonly ref struct AssembledFrame
{
    /// <summary>
    /// H.264: NAL units behind 4-byte lengths; VP8: the bitstream of the frame; Opus: the packet. Empty when not <see cref="IsComplete"/>.
    /// Valid until the assembler's next packet.
    /// </summary>
    public ReadOnlySpan<byte> Data { get; init; }

    public RtpTime Timestamp { get; init; }

    /// <summary>The last packet that belongs to the frame.</summary>
    public SeqNo Last { get; init; }

    /// <summary>Decodable without any other frame. Always true for Opus.</summary>
    public bool IsKey { get; init; }

    /// <summary>False: packets of this frame are missing, it cannot be decoded.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Every frame since the last key frame was complete: decoding gives the sender's picture. Always true for Opus.</summary>
    public bool IsContinuous { get; init; }
}
