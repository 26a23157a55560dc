using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>The offer of a client that publishes one camera or screen with or without sound.</summary>
public static class WhipOffer
{
    /// <param name="video">H264 or Vp8; null: sound only.</param>
    /// <param name="audio">Whether Opus is sent; one of the two must be.</param>
    /// <param name="sources">The sources the client will send under.</param>
    public static ClientOffer Create(LocalTransport local, LocalSources sources, CodecKind? video, bool audio, bool stereo = false)
    {
        if (video is null && !audio)
        {
            throw new ArgumentException("An offer needs sound or picture", nameof(audio));
        }

        string[] mids = audio && video is not null ? ["0", "1"] : ["0"];
        var writer = new SectionWriter(local, "actpass");
        writer.Head(mids, iceLite: false, mixed: true);
        if (audio)
        {
            writer.Section("audio", WhepOffer.Protocol, "0", "sendonly", [ClientOffer.Opus(stereo)], ClientOffer.AudioExtensions);
            writer.Sources("audio", sources, sources.Audio, null);
        }

        if (video is { } kind)
        {
            writer.Section("video", WhepOffer.Protocol, mids[^1], "sendonly", [ClientOffer.Video(kind)], ClientOffer.VideoExtensions);
            Ssrc rtx = sources.VideoRtx;
            writer.Sources("video", sources, sources.Video, rtx);
        }

        return new ClientOffer(writer.ToString(), mids);
    }
}
