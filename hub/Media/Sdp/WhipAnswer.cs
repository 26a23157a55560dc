using System.Diagnostics.CodeAnalysis;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>The hub's answer to a publisher's offer (RFC 9725 §4.2), and what was agreed. The publisher's order decides the video codec.</summary>
public sealed record WhipAnswer
{
    private const RtcpFeedback AudioFeedback = RtcpFeedback.TransportCc | RtcpFeedback.Nack;

    private WhipAnswer(string sdp, StreamDescription stream, RemoteTransport remote) => (Sdp, Stream, Remote) = (sdp, stream, remote);

    /// <summary>The answer's text (application/sdp).</summary>
    public string Sdp { get; }

    /// <summary>What arrives: payload types, extension identifiers and sources as the publisher will use them.</summary>
    public StreamDescription Stream { get; }

    public RemoteTransport Remote { get; }

    /// <summary>Answers "recvonly", whether the offer says "sendonly" or "sendrecv"; data channels and further tracks are rejected with port 0.</summary>
    /// <param name="refusal"><see cref="SdpRefusal.None"/> when the result is true.</param>
    public static bool TryCreate(SessionDescription offer, LocalTransport hub, [NotNullWhen(true)] out WhipAnswer? answer, out SdpRefusal refusal)
    {
        answer = null;
        refusal = OfferSections.TryRead(offer, SdpDirection.RecvOnly, SdpRefusal.NotSendOnly, out OfferSections? sections);
        if (sections is null)
        {
            return false;
        }

        TrackDescription? audio = sections.Audio is { } a ? DescribeAudio(a) : null;
        TrackDescription? video = sections.Video is { } v ? DescribeVideo(v) : null;
        if ((sections.Audio is not null && audio is null) || (sections.Video is not null && video is null))
        {
            refusal = SdpRefusal.CodecMismatch;
            return false;
        }

        string sdp = sections.WriteAnswer(hub, (writer, media) => WriteTrack(writer, media, media == sections.Audio ? audio! : video!));
        answer = new WhipAnswer(sdp, new StreamDescription(audio, video), sections.Remote);
        return true;
    }

    private static TrackDescription? DescribeAudio(MediaDescription media)
    {
        CodecDescription? opus = CodecReader.Read(media).FirstOrDefault(c => c.Kind == CodecKind.Opus);
        return opus is null ? null : Describe(MediaKind.Audio, media, opus with { Feedback = opus.Feedback & AudioFeedback }) with
        {
            Extensions = media.Extensions() with { Rid = 0, RepairedRid = 0 },
        };
    }

    private static TrackDescription? DescribeVideo(MediaDescription media)
    {
        if (ChooseVideo(CodecReader.Read(media)) is not { } codec)
        {
            return null;
        }

        RtpExtensionIds ids = media.Extensions() with { AudioLevel = 0 };
        IReadOnlyList<string> rids = ids.Rid != 0 ? Simulcast.ReadSent(media) : [];
        return Describe(MediaKind.Video, media, codec) with { Extensions = ids, Rids = rids };
    }

    // The first known codec decides between H.264 and VP8. Within H.264 the form that every watcher decodes comes first:
    // constrained baseline, then baseline with packetization-mode 1, then any profile with mode 1, then mode 0 (a subset of mode 1).
    private static CodecDescription? ChooseVideo(IReadOnlyList<CodecDescription> offered)
    {
        CodecDescription[] video = [.. offered.Where(c => c.Kind is CodecKind.H264 or CodecKind.Vp8 && c.Profile.Capability != H264Capability.Other)];
        return video is [{ Kind: CodecKind.H264 }, ..]
            ? video.Where(c => c.Kind == CodecKind.H264)
                .OrderByDescending(c => c.PacketizationMode).ThenByDescending(c => c.Profile.Capability == H264Capability.Baseline)
                .ThenByDescending(c => c.Profile.IsConstrainedBaseline).First()
            : video.FirstOrDefault();
    }

    private static TrackDescription Describe(MediaKind kind, MediaDescription media, CodecDescription codec)
    {
        SourceLines sources = SourceLines.Read(media);
        return new TrackDescription
        {
            Kind = kind,
            Mid = media.Mid,
            Codecs = [codec],
            Ssrc = sources.Primary,
            RtxSsrc = codec.RtxPayloadType is null ? null : sources.Rtx,
            Cname = sources.Cname,
        };
    }

    private static bool WriteTrack(SectionWriter writer, MediaDescription media, TrackDescription track)
    {
        writer.Section(media.Kind, media.Protocol, track.Mid, "recvonly", track.Codecs, track.Extensions);
        if (track.Rids.Count > 0)
        {
            writer.Simulcast(track.Rids, "recv");
        }

        return true;
    }
}
