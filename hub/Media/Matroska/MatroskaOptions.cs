using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Matroska;

/// <summary>What a Matroska stream holds and how it is flushed.</summary>
public sealed record MatroskaOptions
{
    /// <summary>H264 or Vp8; null: sound only.</summary>
    public CodecKind? Video { get; init; }

    /// <summary>Whether there is an Opus track.</summary>
    public bool Audio { get; init; } = true;

    /// <summary>1 or 2; what the track's head says (Opus packets may differ).</summary>
    public int Channels { get; init; } = 2;

    /// <summary>UTC of time zero; null: not written.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>
    /// False (files): a cluster is written when it is whole, with its size. True (pipes): every frame is written at once, in clusters of unknown size.
    /// </summary>
    public bool Live { get; init; }

    /// <summary>The longest cluster. 100 ms to 30 s; default 1 s.</summary>
    public TimeSpan ClusterLength { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long sound waits for the first key frame before the stream goes on without picture. Default 3 s.</summary>
    public TimeSpan HeaderWait { get; init; } = TimeSpan.FromSeconds(3);
}
