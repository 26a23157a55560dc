namespace ThreeClassrooms.Agent.Capture;

internal enum TrackKind
{
    Video,
    Audio,
}

/// <summary>One encoded picture or one Opus packet. Captured H.264 is Annex B; watched H.264 has NAL units behind 4-byte lengths; VP8 is its bare frame.</summary>
/// <param name="At">On a timeline common to both tracks of a source; its zero is arbitrary.</param>
/// <param name="Key">The picture can be decoded without an earlier one; always true of sound.</param>
internal sealed record MediaFrame(TrackKind Track, TimeSpan At, bool Key, ReadOnlyMemory<byte> Data);

/// <summary>Takes frames as they come. Must return at once and never throw; called from the source's thread.</summary>
internal interface IFrameSink
{
    void OnFrame(MediaFrame frame);
}
