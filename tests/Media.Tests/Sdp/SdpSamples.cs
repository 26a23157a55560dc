using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Tests.Sdp;

/// <summary>Transports and offers that the negotiation tests share.</summary>
internal static class SdpSamples
{
    public const string Fingerprint =
        "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

    public static readonly TransportAddress HubAddress = TransportAddress.FromIPv4(0xC0A80102, 8443);

    public static readonly LocalTransport Hub = new("hubufrag", "hubpasswordhubpassword1234", Fingerprint, [IceCandidate.HostUdp(HubAddress), IceCandidate.HostTcpPassive(HubAddress)]);

    public static readonly LocalTransport Client = new("cliufrag", "clipasswordclipassword1234", Fingerprint, []);

    public static readonly LocalSources Sources = new(new Ssrc(11), new Ssrc(22), new Ssrc(33), "cname-1", "stream-1");

    public static SessionDescription Parse(string text)
    {
        Assert.True(SessionDescription.TryParse(text, out SessionDescription? parsed, out SdpError error), error.ToString());
        return parsed;
    }

    public static WhipAnswer Whip(string offer)
    {
        Assert.True(WhipAnswer.TryCreate(Parse(offer), Hub, out WhipAnswer? answer, out SdpRefusal refusal), refusal.ToString());
        return answer;
    }

    public static SdpRefusal WhipRefusal(string offer)
    {
        Assert.False(WhipAnswer.TryCreate(Parse(offer), Hub, out _, out SdpRefusal refusal));
        return refusal;
    }

    public static WhepAnswer Whep(string offer, StreamDescription stream)
    {
        Assert.True(WhepAnswer.TryCreate(Parse(offer), stream, Hub, Sources, out WhepAnswer? answer, out SdpRefusal refusal), refusal.ToString());
        return answer;
    }

    public static SdpRefusal WhepRefusal(string offer, StreamDescription stream)
    {
        Assert.False(WhepAnswer.TryCreate(Parse(offer), stream, Hub, Sources, out _, out SdpRefusal refusal));
        return refusal;
    }

    /// <summary>A whole offer around the given sections; "{T}" in a section stands for the transport lines.</summary>
    public static string Offer(string bundle, params string[] sections)
    {
        const string transport = $"c=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:{Fingerprint}\r\na=setup:actpass\r\na=rtcp-mux\r\n";
        string group = bundle.Length > 0 ? $"a=group:BUNDLE {bundle}\r\n" : "";
        return $"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n{group}" + string.Concat(sections).Replace("{T}\n", transport).ReplaceLineEndings("\r\n");
    }

    public const string OpusSection = "m=audio 9 UDP/TLS/RTP/SAVPF 111\n{T}\na=mid:0\na=sendrecv\na=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1\n";

    public const string Vp8Section = "m=video 9 UDP/TLS/RTP/SAVPF 96 97\n{T}\na=mid:1\na=sendrecv\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n";

    public static string H264Section(string profile, int mode = 1) =>
        $"m=video 9 UDP/TLS/RTP/SAVPF 102\n{{T}}\na=mid:1\na=sendrecv\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode={mode};profile-level-id={profile}\n";
}
