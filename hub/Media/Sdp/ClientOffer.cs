using System.Diagnostics.CodeAnalysis;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>A client's offer and what is needed to understand its answer.</summary>
public sealed class ClientOffer
{
    // Payload types and identifiers as browsers number them, for the comfort of who reads a capture.
    internal const byte OpusType = 111, Vp8Type = 96, Vp8RtxType = 97, H264Type = 102, H264RtxType = 103;

    internal static readonly RtpExtensionIds AudioExtensions = new() { AudioLevel = 1, TransportCc = 3, Mid = 4 };
    internal static readonly RtpExtensionIds VideoExtensions = new() { TransportCc = 3, Mid = 4 };

    private const RtcpFeedback VideoFeedback = RtcpFeedback.Nack | RtcpFeedback.Pli | RtcpFeedback.Fir | RtcpFeedback.TransportCc;

    private readonly string[] _mids;

    internal ClientOffer(string sdp, string[] mids) => (Sdp, _mids) = (sdp, mids);

    /// <summary>The offer's text (application/sdp).</summary>
    public string Sdp { get; }

    /// <summary>Reads the answer to this offer. Never throws.</summary>
    /// <param name="error">Set when the text is not a session description; the refusal is then <see cref="SdpRefusal.None"/>.</param>
    public bool TryReadAnswer(string text, [NotNullWhen(true)] out ClientAnswer? answer, out SdpError error, out SdpRefusal refusal)
    {
        answer = null;
        refusal = SdpRefusal.None;
        if (!SessionDescription.TryParse(text, out SessionDescription? session, out error))
        {
            return false;
        }

        refusal = Read(session, out answer);
        return answer is not null;
    }

    internal static CodecDescription Video(CodecKind kind) => kind switch
    {
        CodecKind.H264 => new CodecDescription(kind, H264Type) { RtxPayloadType = H264RtxType, Feedback = VideoFeedback },
        CodecKind.Vp8 => new CodecDescription(kind, Vp8Type) { RtxPayloadType = Vp8RtxType, Feedback = VideoFeedback },
        CodecKind.Opus => throw new ArgumentException("Opus is not a video codec", nameof(kind)),
    };

    internal static CodecDescription Opus(bool stereo) => new(CodecKind.Opus, OpusType) { Stereo = stereo, Feedback = RtcpFeedback.TransportCc };

    private SdpRefusal Read(SessionDescription session, out ClientAnswer? answer)
    {
        answer = null;
        MediaDescription[] taken = [.. session.Media.Where(m => m.Port != 0 && m.IsSecureRtp && m.Kind is "audio" or "video")];
        if (session.Media.Count != _mids.Length || taken.Length == 0)
        {
            return SdpRefusal.NotOurOffer;
        }

        MediaDescription carrier = taken.FirstOrDefault(m => m.Attribute("ice-ufrag") is not null) ?? taken[0];
        SdpRefusal refusal = RemoteTransport.TryRead(session, carrier, isAnswer: true, out RemoteTransport? remote);
        if (refusal != SdpRefusal.None)
        {
            return refusal;
        }

        TrackDescription? audio = Track(taken, MediaKind.Audio), video = Track(taken, MediaKind.Video);
        if (audio is null && video is null)
        {
            return SdpRefusal.CodecMismatch;
        }

        answer = new ClientAnswer(remote!, audio, video);
        return SdpRefusal.None;
    }

    private static TrackDescription? Track(MediaDescription[] taken, MediaKind kind)
    {
        MediaDescription? media = taken.FirstOrDefault(m => m.Kind == (kind == MediaKind.Audio ? "audio" : "video"));
        if (media is null || media.Direction == SdpDirection.Inactive)
        {
            return null;
        }

        CodecDescription[] codecs = [.. CodecReader.Read(media).Where(c => (c.Kind == CodecKind.Opus) == (kind == MediaKind.Audio))];
        if (codecs.Length == 0)
        {
            return null;
        }

        SourceLines sources = SourceLines.Read(media);
        return new TrackDescription
        {
            Kind = kind,
            Mid = media.Mid,
            Codecs = codecs,
            Extensions = media.Extensions(),
            Ssrc = sources.Primary,
            RtxSsrc = sources.Rtx,
            Cname = sources.Cname,
        };
    }
}
