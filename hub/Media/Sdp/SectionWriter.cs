using System.Globalization;
using System.Text;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>Writes the session head and the sections of offers and answers.</summary>
internal sealed class SectionWriter(LocalTransport local, string setup)
{
    private readonly StringBuilder _text = new(4096);
    private bool _candidatesWritten;

    public override string ToString() => _text.ToString();

    /// <param name="bundle">Mids in the bundle; empty: no group line.</param>
    public void Head(IEnumerable<string> bundle, bool iceLite, bool mixed)
    {
        _text.Append(CultureInfo.InvariantCulture, $"v=0\r\no=- {SessionId(local.Ufrag)} 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        if (iceLite)
        {
            _text.Append("a=ice-lite\r\n");
        }

        string mids = string.Join(' ', bundle);
        if (mids.Length > 0)
        {
            _text.Append("a=group:BUNDLE ").Append(mids).Append("\r\n");
        }

        if (mixed)
        {
            _text.Append("a=extmap-allow-mixed\r\n");
        }

        _text.Append("a=msid-semantic: WMS *\r\n");
    }

    /// <summary>A section with the transport of the bundle.</summary>
    public void Section(string kind, string protocol, string? mid, string direction, IReadOnlyList<CodecDescription> codecs, RtpExtensionIds extensions)
    {
        string formats = string.Join(' ', codecs.SelectMany(c => c.PayloadTypes()));
        _text.Append(CultureInfo.InvariantCulture, $"m={kind} 9 {protocol} {formats}\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n");
        Transport();
        _text.Append("a=setup:").Append(setup).Append("\r\n");
        if (mid is not null)
        {
            _text.Append("a=mid:").Append(mid).Append("\r\n");
        }

        foreach ((byte id, string uri) in extensions.Agreed())
        {
            _text.Append(CultureInfo.InvariantCulture, $"a=extmap:{id} {uri}\r\n");
        }

        _text.Append("a=").Append(direction).Append("\r\na=rtcp-mux\r\na=rtcp-rsize\r\n");
        foreach (CodecDescription codec in codecs)
        {
            codec.AppendTo(_text);
        }
    }

    /// <summary>A section that keeps its place and transport but carries nothing.</summary>
    public void Inactive(MediaDescription offered)
    {
        _text.Append(CultureInfo.InvariantCulture, $"m={offered.Kind} 9 {offered.Protocol} {offered.Formats[0]}\r\nc=IN IP4 0.0.0.0\r\n");
        Transport();
        _text.Append("a=setup:").Append(setup).Append("\r\n");
        if (offered.Mid is { } mid)
        {
            _text.Append("a=mid:").Append(mid).Append("\r\n");
        }

        _text.Append("a=inactive\r\na=rtcp-mux\r\n");
        foreach (string map in offered.Attributes("rtpmap").Where(m => m.StartsWith(offered.Formats[0] + " ", StringComparison.Ordinal)).Take(1))
        {
            _text.Append("a=rtpmap:").Append(map).Append("\r\n");
        }
    }

    /// <summary>A section refused with port 0 (RFC 3264 §6).</summary>
    public void Rejected(MediaDescription offered)
    {
        _text.Append(CultureInfo.InvariantCulture, $"m={offered.Kind} 0 {offered.Protocol} {string.Join(' ', offered.Formats)}\r\nc=IN IP4 0.0.0.0\r\n");
        if (offered.Mid is { } mid)
        {
            _text.Append("a=mid:").Append(mid).Append("\r\n");
        }
    }

    public void Simulcast(IReadOnlyList<string> rids, string direction)
    {
        foreach (string rid in rids)
        {
            _text.Append("a=rid:").Append(rid).Append(' ').Append(direction).Append("\r\n");
        }

        _text.Append("a=simulcast:").Append(direction).Append(' ').AppendJoin(';', rids).Append("\r\n");
    }

    /// <param name="track">"audio" or "video": the name of the track within the stream.</param>
    public void Sources(string track, LocalSources sources, Ssrc primary, Ssrc? rtx)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        _text.Append(c, $"a=msid:{sources.StreamId} {track}\r\n");
        if (rtx is { } repair)
        {
            _text.Append(c, $"a=ssrc-group:FID {primary.Value} {repair.Value}\r\n");
        }

        _text.Append(c, $"a=ssrc:{primary.Value} cname:{sources.Cname}\r\na=ssrc:{primary.Value} msid:{sources.StreamId} {track}\r\n");
        if (rtx is { } again)
        {
            _text.Append(c, $"a=ssrc:{again.Value} cname:{sources.Cname}\r\na=ssrc:{again.Value} msid:{sources.StreamId} {track}\r\n");
        }
    }

    private void Transport()
    {
        _text.Append("a=ice-ufrag:").Append(local.Ufrag).Append("\r\na=ice-pwd:").Append(local.Pwd).Append("\r\n");
        _text.Append("a=fingerprint:").Append(local.Fingerprint).Append("\r\n");
        if (_candidatesWritten)
        {
            return;
        }

        // Candidates belong to the first section of the bundle only (RFC 9143 §7.3.1).
        _candidatesWritten = true;
        foreach (IceCandidate candidate in local.Candidates)
        {
            _text.Append("a=candidate:").Append(candidate.Write()).Append("\r\n");
        }

        _text.Append("a=end-of-candidates\r\n");
    }

    // A number that differs between connections without a random source: FNV-1a of the ufrag, kept positive.
    private static long SessionId(string ufrag)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in ufrag)
        {
            hash = unchecked((hash ^ c) * 1099511628211);
        }

        return (long)(hash >> 2);
    }
}
