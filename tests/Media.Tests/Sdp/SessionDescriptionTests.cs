using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Tests.Sdp;

public sealed class SessionDescriptionTests
{
    [Theory]
    [InlineData("", SdpError.NoVersion)]
    [InlineData("v=1\r\n", SdpError.NoVersion)]
    [InlineData("{}", SdpError.NoVersion)]
    [InlineData("v=0\r\nhello\r\n", SdpError.BadLine)]
    [InlineData("v=0\r\nA=b\r\n", SdpError.BadLine)]
    [InlineData("v=0\r\nm=audio\r\n", SdpError.BadMedia)]
    [InlineData("v=0\r\nm=audio 70000 RTP/AVP 0\r\n", SdpError.BadMedia)]
    [InlineData("v=0\r\nm=audio -1 RTP/AVP 0\r\n", SdpError.BadMedia)]
    public void Malformed_IsRefused(string text, SdpError expected)
    {
        Assert.False(SessionDescription.TryParse(text, out _, out SdpError error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TooMuch_IsRefused()
    {
        Assert.False(SessionDescription.TryParse("v=0\r\n" + new string('a', 65536), out _, out SdpError error));
        Assert.Equal(SdpError.TooLong, error);
        Assert.False(SessionDescription.TryParse("v=0\n" + string.Concat(Enumerable.Repeat("m=audio 9 X 0\n", 65)), out _, out error));
        Assert.Equal(SdpError.TooManyMedia, error);
    }

    [Fact]
    public void LineFeedsAlone_AndBlankLines_AreRead() =>
        Assert.Equal("v=0\r\ns=-\r\nm=audio 9 X 0\r\na=mid:1\r\n", SdpSamples.Parse("v=0\n\ns=-\nm=audio 9 X 0\n\na=mid:1\n\n").Write());

    [Fact]
    public void AnyText_IsReadOrRefused() => Prop.ForAll<string, int>((text, seed) =>
    {
        Negotiate(text ?? "");
        Negotiate("v=0\r\n" + text);

        // A real offer with some characters and lines changed reaches every branch of the negotiation.
        var random = new Random(seed);
        char[] bent = RealOfferTests.Offer(random.Next(2) == 0 ? "chromium-whip-simulcast" : "firefox-whep").ToCharArray();
        for (int i = 0; i < 8; i++)
        {
            bent[random.Next(bent.Length)] = "\n:; =a0/\0é"[random.Next(10)];
        }

        Negotiate(new string(bent));
        List<string> lines = [.. RealOfferTests.Offer("chromium-whip-h264").Split('\n')];
        for (int i = 0; i < 5; i++)
        {
            int at = random.Next(lines.Count);
            lines.Insert(random.Next(lines.Count), lines[at]);
            lines.RemoveAt(at);
        }

        Negotiate(string.Join('\n', lines));
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Theory]
    [InlineData("1 1 udp 2130706431 192.168.1.2 8443 typ host", IceTransport.Udp)]
    [InlineData("1 1 UDP 2130706431 192.168.1.2 8443 typ host generation 0 network-id 1", IceTransport.Udp)]
    [InlineData("candidate:9 1 tcp 1518214911 192.168.1.2 8443 typ host tcptype passive", IceTransport.TcpPassive)]
    [InlineData("9 1 tcp 1518214911 192.168.1.2 9 typ host tcptype active", IceTransport.TcpActive)]
    public void Candidates_AreRead_AndWrittenAgain(string text, IceTransport transport)
    {
        Assert.True(IceCandidate.TryParse(text, out IceCandidate candidate));
        Assert.Equal(transport, candidate.Transport);
        Assert.Equal(0xC0A80102u, (uint)(candidate.Address.Low & 0xFFFF_FFFF));
        Assert.True(IceCandidate.TryParse(candidate.Write(), out IceCandidate again));
        Assert.Equal(candidate, again);
    }

    [Theory]
    [InlineData("1 2 udp 1 192.168.1.2 8443 typ host")]
    [InlineData("1 1 udp 1 0d1f1d2c-x.local 8443 typ host")]
    [InlineData("1 1 udp 1 192.168.1 8443 typ host")]
    [InlineData("1 1 udp 1 192.168.1.2 0 typ host")]
    [InlineData("1 1 udp 1 192.168.1.2 99999 typ host")]
    [InlineData("1 1 tcp 1 192.168.1.2 9 typ host")]
    [InlineData("1 1 udp 99999999999 192.168.1.2 9 typ host")]
    [InlineData("1 1 udp 1 fe80::1%eth0 9 typ host")]
    [InlineData("")]
    public void OtherCandidates_AreNot(string text) => Assert.False(IceCandidate.TryParse(text, out _));

    [Fact]
    public void Addresses_ReadBack() => Prop.ForAll<ulong, ulong, uint>((high, low, v4) =>
    {
        var six = new TransportAddress(high, low, 7);
        var four = TransportAddress.FromIPv4(v4, 7);
        return AddressText.TryParse(AddressText.Write(six), 7, out TransportAddress a) && a == six
            && AddressText.TryParse(AddressText.Write(four), 7, out TransportAddress b) && b == four;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void IceFragment_OfARestart_IsRead()
    {
        const string text = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
            + "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\na=end-of-candidates\r\n";
        Assert.True(IceFragment.TryParse(text, out IceFragment? fragment));
        Assert.Equal(("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1", 1, true), (fragment.Ufrag, fragment.Pwd, fragment.Candidates.Count, fragment.EndOfCandidates));
        Assert.True(IceFragment.TryParse(fragment.Write(), out IceFragment? again));
        Assert.Equal(fragment.Candidates, again.Candidates);
        Assert.False(IceFragment.TryParse("a=ice-ufrag:x\r\n", out _));
        Assert.False(IceFragment.TryParse("nonsense", out _));
    }

    private static void Negotiate(string text)
    {
        _ = IceFragment.TryParse(text, out _);
        if (!SessionDescription.TryParse(text, out SessionDescription? parsed, out _))
        {
            return;
        }

        Assert.Equal(parsed.Write(), SdpSamples.Parse(parsed.Write()).Write());
        if (WhipAnswer.TryCreate(parsed, SdpSamples.Hub, out WhipAnswer? answer, out _))
        {
            SdpSamples.Parse(answer.Sdp);
            WhepAnswer.TryCreate(parsed, answer.Stream, SdpSamples.Hub, SdpSamples.Sources, out _, out _);
        }

        WhepOffer.Create(SdpSamples.Client).TryReadAnswer(text, out _, out _, out _);
        ClientOffer publisher = WhipOffer.Create(SdpSamples.Client, SdpSamples.Sources, CodecKind.Vp8, audio: true);
        publisher.TryReadAnswer(text, out _, out _, out _);
    }
}
