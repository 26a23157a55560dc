using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>One m-line with the lines below it (RFC 8866 §5.14) and typed views of those that matter here.</summary>
public sealed class MediaDescription
{
    private MediaDescription(string firstLine, string kind, ushort port, string protocol, string[] formats) =>
        (FirstLine, Kind, Port, Protocol, Formats) = (firstLine, kind, port, protocol, formats);

    /// <summary>What follows "m=".</summary>
    public string FirstLine { get; }

    /// <summary>"audio", "video", "application", …</summary>
    public string Kind { get; }

    public ushort Port { get; }

    /// <summary>"UDP/TLS/RTP/SAVPF" for most WebRTC media; see <see cref="IsSecureRtp"/>.</summary>
    public string Protocol { get; }

    /// <summary>Payload types in order of preference for RTP; not necessarily numbers.</summary>
    public IReadOnlyList<string> Formats { get; }

    /// <summary>The lines below the m-line.</summary>
    public IReadOnlyList<SdpLine> Lines => MutableLines;

    public string? Mid => Attribute("mid") is { Length: > 0 } mid ? mid : null;

    /// <summary>Port 0 without "bundle-only" (RFC 9143 §6).</summary>
    public bool IsRejected => Port == 0 && Attribute("bundle-only") is null;

    /// <summary>
    /// True for the names that RTP over DTLS-SRTP goes by; JSEP wants them all read alike and the offer's own repeated in the answer (RFC 8829 §5.1.2).
    /// What makes it secure is the fingerprint, without which no offer is taken.
    /// </summary>
    public bool IsSecureRtp => Protocol.ToUpperInvariant() is "UDP/TLS/RTP/SAVPF" or "UDP/TLS/RTP/SAVP" or "TCP/DTLS/RTP/SAVPF" or "TCP/DTLS/RTP/SAVP"
        or "TCP/TLS/RTP/SAVPF" or "RTP/SAVPF" or "RTP/SAVP" or "RTP/AVPF" or "RTP/AVP";

    public SdpDirection Direction =>
        Attribute("sendonly") is not null ? SdpDirection.SendOnly :
        Attribute("recvonly") is not null ? SdpDirection.RecvOnly :
        Attribute("inactive") is not null ? SdpDirection.Inactive : SdpDirection.SendRecv;

    internal List<SdpLine> MutableLines { get; } = [];

    /// <summary>The first attribute of this name; "" for a flag; null when there is none.</summary>
    public string? Attribute(string name) => Attributes(name).FirstOrDefault();

    /// <summary>All attributes of this name, in order.</summary>
    public IEnumerable<string> Attributes(string name) => Lines.Select(l => l.Attribute(name)).OfType<string>();

    /// <summary>The header extensions that both the section names and the library knows; direction limits are ignored.</summary>
    public RtpExtensionIds Extensions()
    {
        RtpExtensionIds ids = default;
        foreach (string value in Attributes("extmap"))
        {
            string[] parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2 && byte.TryParse(parts[0].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out byte id) && id is > 0 and not 15)
            {
                ids = ids.With(parts[1], id);
            }
        }

        return ids;
    }

    internal static bool TryRead(string value, [NotNullWhen(true)] out MediaDescription? media)
    {
        media = null;
        string[] parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 4 || !ushort.TryParse(parts[1].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        media = new MediaDescription(value, parts[0], port, parts[2], parts[3..]);
        return true;
    }
}
