using System.Diagnostics.CodeAnalysis;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>The hub's answer to a watcher's offer, and how the publisher's numbers map to the watcher's.</summary>
public sealed record WhepAnswer
{
    private WhepAnswer(string sdp, RemoteTransport remote, TrackMapping? audio, TrackMapping? video) =>
        (Sdp, Remote, Audio, Video) = (sdp, remote, audio, video);

    /// <summary>The answer's text (application/sdp).</summary>
    public string Sdp { get; }

    public RemoteTransport Remote { get; }

    /// <summary>Null when the stream has no sound or the watcher did not ask for it.</summary>
    public TrackMapping? Audio { get; }

    /// <summary>Null when the stream has no picture or the watcher did not ask for it.</summary>
    public TrackMapping? Video { get; }

    /// <summary>
    /// Answers "sendonly". A section for which the stream has nothing becomes "inactive"; a section whose codecs cannot decode the stream
    /// refuses the whole offer (<see cref="SdpRefusal.CodecMismatch"/>): a watcher is told, never given black.
    /// </summary>
    /// <param name="stream">What the publisher sends.</param>
    /// <param name="sources">The hub's sources towards this watcher.</param>
    public static bool TryCreate(
        SessionDescription offer, StreamDescription stream, LocalTransport hub, LocalSources sources,
        [NotNullWhen(true)] out WhepAnswer? answer, out SdpRefusal refusal)
    {
        answer = null;
        refusal = OfferSections.TryRead(offer, SdpDirection.SendOnly, SdpRefusal.NotRecvOnly, out OfferSections? sections);
        if (sections is null)
        {
            return false;
        }

        TrackMapping? audio = Map(sections.Audio, stream.Audio, sources), video = Map(sections.Video, stream.Video, sources);
        bool audioFails = sections.Audio is not null && stream.Audio is not null && audio is null;
        bool videoFails = sections.Video is not null && stream.Video is not null && video is null;
        if (audioFails || videoFails || (audio is null && video is null))
        {
            refusal = audioFails || videoFails ? SdpRefusal.CodecMismatch : SdpRefusal.NoMedia;
            return false;
        }

        string sdp = sections.WriteAnswer(hub, (writer, media) => WriteTrack(writer, media, media == sections.Audio ? audio : video, sources));
        answer = new WhepAnswer(sdp, sections.Remote, audio, video);
        return true;
    }

    private static TrackMapping? Map(MediaDescription? media, TrackDescription? source, LocalSources sources)
    {
        if (media is null || source is null || Choose(CodecReader.Read(media), source.Codec) is not { } codec)
        {
            return null;
        }

        bool audio = source.Kind == MediaKind.Audio;
        RtpExtensionIds offered = media.Extensions();
        codec = codec with
        {
            // Redundant audio passes through only when both ends have it.
            RedPayloadType = source.Codec.RedPayloadType is null ? null : codec.RedPayloadType,
            Feedback = audio ? codec.Feedback & (RtcpFeedback.TransportCc | RtcpFeedback.Nack) : codec.Feedback,
            Stereo = source.Codec.Stereo,
            InbandFec = source.Codec.InbandFec,
        };
        return new TrackMapping(source, new TrackDescription
        {
            Kind = source.Kind,
            Mid = media.Mid,
            Codecs = [codec],
            Ssrc = audio ? sources.Audio : sources.Video,
            RtxSsrc = codec.RtxPayloadType is null ? null : sources.VideoRtx,
            Cname = sources.Cname,
            Extensions = new RtpExtensionIds
            {
                Mid = offered.Mid,
                TransportCc = offered.TransportCc,
                AudioLevel = audio && source.Extensions.AudioLevel != 0 ? offered.AudioLevel : (byte)0,

                // Only one of the two clocks is of use to a receiver; four bytes a packet are saved.
                AbsSendTime = offered.TransportCc == 0 ? offered.AbsSendTime : (byte)0,
            },
        });
    }

    private static CodecDescription? Choose(IReadOnlyList<CodecDescription> offered, CodecDescription sent)
    {
        IEnumerable<CodecDescription> able = offered.Where(c => c.Kind == sent.Kind);
        return sent.Kind != CodecKind.H264
            ? able.FirstOrDefault()
            : able.Where(c => c.PacketizationMode >= sent.PacketizationMode && c.Profile.CanDecode(sent.Profile))
                .OrderByDescending(c => c.Profile.Capability == sent.Profile.Capability)
                .ThenByDescending(c => c.PacketizationMode)
                .ThenByDescending(c => c.Profile.IsConstrainedBaseline == sent.Profile.IsConstrainedBaseline)
                .FirstOrDefault();
    }

    private static bool WriteTrack(SectionWriter writer, MediaDescription media, TrackMapping? track, LocalSources sources)
    {
        if (track is null)
        {
            return false;
        }

        writer.Section(media.Kind, media.Protocol, media.Mid, "sendonly", track.Target.Codecs, track.Target.Extensions);
        writer.Sources(media.Kind, sources, track.Target.Ssrc!.Value, track.Target.RtxSsrc);
        return true;
    }
}
