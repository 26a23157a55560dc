namespace ThreeClassrooms.Media.Sdp;

/// <summary>The offer of a client that watches: Opus, and H.264 and VP8 with retransmission.</summary>
public static class WhepOffer
{
    internal const string Protocol = "UDP/TLS/RTP/SAVPF";

    /// <summary>What a decoder behind this client takes: high profile includes all that recorders publish.</summary>
    private static readonly H264Profile High = new(0x64, 0x00, 0x1F);

    /// <param name="stereo">Whether two channels are wanted when the sender has them.</param>
    public static ClientOffer Create(LocalTransport local, bool audio = true, bool video = true, bool stereo = true)
    {
        if (!audio && !video)
        {
            throw new ArgumentException("An offer needs sound or picture", nameof(audio));
        }

        string[] mids = audio && video ? ["0", "1"] : ["0"];
        var writer = new SectionWriter(local, "actpass");
        writer.Head(mids, iceLite: false, mixed: true);
        if (audio)
        {
            writer.Section("audio", Protocol, "0", "recvonly", [ClientOffer.Opus(stereo)], ClientOffer.AudioExtensions);
        }

        if (video)
        {
            CodecDescription h264 = ClientOffer.Video(CodecKind.H264);
            CodecDescription high = h264 with { PayloadType = 104, RtxPayloadType = 105, Profile = High };
            writer.Section("video", Protocol, mids[^1], "recvonly", [h264, ClientOffer.Video(CodecKind.Vp8), high], ClientOffer.VideoExtensions);
        }

        return new ClientOffer(writer.ToString(), mids);
    }
}
