using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Tests.Sdp;

public sealed class NegotiationTests
{
    private const string TwoTracks = SdpSamples.OpusSection + SdpSamples.Vp8Section;

    [Fact]
    public void SendRecv_IsAnsweredRecvOnly() =>
        Assert.All(SdpSamples.Parse(SdpSamples.Whip(SdpSamples.Offer("0 1", TwoTracks)).Sdp).Media, m => Assert.Equal(SdpDirection.RecvOnly, m.Direction));

    [Theory]
    [InlineData("", "", SdpRefusal.NoMedia)]
    [InlineData("", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n{T}\na=mid:0\n", SdpRefusal.NoMedia)]
    [InlineData("0", "m=audio 9 UDP/BFCP 111\n{T}\na=mid:0\na=rtpmap:111 opus/48000/2\n", SdpRefusal.NoMedia)]
    [InlineData("", TwoTracks, SdpRefusal.NoBundle)]
    [InlineData("0", TwoTracks, SdpRefusal.NoBundle)]
    [InlineData("0", "m=audio 9 UDP/TLS/RTP/SAVPF 0\n{T}\na=mid:0\na=rtpmap:0 PCMU/8000\n", SdpRefusal.CodecMismatch)]
    public void UnusablePublisher_IsRefused(string bundle, string sections, SdpRefusal expected) =>
        Assert.Equal(expected, SdpSamples.WhipRefusal(SdpSamples.Offer(bundle, sections)));

    [Theory]
    [InlineData("a=fingerprint:", "a=x:", SdpRefusal.NoFingerprint)]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:sha-1", SdpRefusal.BadFingerprint)]
    [InlineData(":EE:FF\r", ":EE\r", SdpRefusal.BadFingerprint)]
    [InlineData("a=ice-ufrag:", "a=x:", SdpRefusal.NoIceCredentials)]
    [InlineData("a=ice-pwd:", "a=x:", SdpRefusal.NoIceCredentials)]
    [InlineData("a=ice-ufrag:abcd", "a=ice-ufrag:abc", SdpRefusal.BadIceCredentials)]
    [InlineData("a=ice-pwd:abcdef", "a=ice-pwd:ab cd", SdpRefusal.BadIceCredentials)]
    [InlineData("a=setup:actpass", "a=setup:holdconn", SdpRefusal.BadSetup)]
    [InlineData("a=rtcp-mux", "a=x", SdpRefusal.NoRtcpMux)]
    [InlineData("a=sendrecv", "a=recvonly", SdpRefusal.NotSendOnly)]
    [InlineData("a=sendrecv", "a=inactive", SdpRefusal.NotSendOnly)]
    public void BrokenPublisher_IsRefused_WithItsReason(string part, string broken, SdpRefusal expected)
    {
        string offer = SdpSamples.Offer("0 1", TwoTracks);
        Assert.Contains(part, offer, StringComparison.Ordinal);
        Assert.Equal(expected, SdpSamples.WhipRefusal(offer.Replace(part, broken, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("UDP/TLS/RTP/SAVP")]
    [InlineData("TCP/DTLS/RTP/SAVPF")]
    [InlineData("RTP/SAVP")]
    [InlineData("RTP/AVP")]
    public void EveryNameOfSecureRtp_IsTaken_AndRepeatedInTheAnswer(string protocol)
    {
        string offer = SdpSamples.Offer("0 1", TwoTracks).Replace("UDP/TLS/RTP/SAVPF", protocol, StringComparison.Ordinal);
        Assert.All(SdpSamples.Parse(SdpSamples.Whip(offer).Sdp).Media, m => Assert.Equal(protocol, m.Protocol));
    }

    [Theory]
    [InlineData("sha-384", 48)]
    [InlineData("sha-512", 64)]
    [InlineData("SHA-512", 64)]
    public void LongFingerprintAlone_IsTaken(string hash, int bytes)
    {
        string digest = string.Join(':', Enumerable.Repeat("ab", bytes));
        string offer = SdpSamples.Offer("0 1", TwoTracks).Replace(SdpSamples.Fingerprint, $"{hash} {digest}", StringComparison.Ordinal);
        Assert.Equal($"{hash.ToLowerInvariant()} {digest.ToUpperInvariant()}", SdpSamples.Whip(offer).Remote.Fingerprint);
    }

    [Fact]
    public void ByteOrderMarkAndUnicodeLineSeparator_DoNoHarm()
    {
        string offer = "\uFEFF" + SdpSamples.Offer("0 1", TwoTracks).Replace("s=-", "s=second\u2028line\u0085and\fmore", StringComparison.Ordinal);
        Assert.Equal(2, SdpSamples.Parse(SdpSamples.Whip(offer).Sdp).Media.Count);
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    public void LineEnds_MayBeEither(string end) =>
        Assert.NotNull(SdpSamples.Whip(SdpSamples.Offer("0 1", TwoTracks).ReplaceLineEndings(end)).Stream.Video);

    [Fact]
    public void LiteOffer_IsRefused_SinceNobodyWouldBeginToCheck() =>
        Assert.Equal(SdpRefusal.IceLite, SdpSamples.WhipRefusal(SdpSamples.Offer("0 1", TwoTracks).Replace("t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n", StringComparison.Ordinal)));

    [Fact]
    public void WatcherThatOnlySends_IsRefused() => Assert.Equal(
        SdpRefusal.NotRecvOnly,
        SdpSamples.WhepRefusal(SdpSamples.Offer("0 1", TwoTracks).Replace("a=sendrecv", "a=sendonly", StringComparison.Ordinal), Stream(TwoTracks)));

    [Fact]
    public void SoundOnlyStream_LeavesTheWatchersPictureInactive()
    {
        WhepAnswer answer = SdpSamples.Whep(SdpSamples.Offer("0 1", TwoTracks), Stream(SdpSamples.OpusSection));
        Assert.Null(answer.Video);
        SessionDescription written = SdpSamples.Parse(answer.Sdp);
        Assert.Equal([SdpDirection.SendOnly, SdpDirection.Inactive], written.Media.Select(m => m.Direction));
        Assert.Equal(["0", "1"], Assert.Single(written.BundleGroups));
    }

    [Fact]
    public void PictureOnlyStream_AndPictureOnlyWatcher()
    {
        StreamDescription stream = Stream(SdpSamples.Vp8Section);
        Assert.Null(stream.Audio);
        Assert.Null(SdpSamples.Whep(SdpSamples.Offer("0 1", TwoTracks), stream).Audio);
        WhepAnswer muted = SdpSamples.Whep(SdpSamples.Offer("1", SdpSamples.Vp8Section), Stream(TwoTracks));
        Assert.Null(muted.Audio);
        Assert.NotNull(muted.Video);
    }

    [Fact]
    public void NothingInCommon_IsNoMedia() => Assert.Equal(
        SdpRefusal.NoMedia, SdpSamples.WhepRefusal(SdpSamples.Offer("1", SdpSamples.Vp8Section), Stream(SdpSamples.OpusSection)));

    [Theory]
    [InlineData("42e01f", "42001f", true)]
    [InlineData("42001f", "42c01f", true)]
    [InlineData("42e01f", "4d001f", true)]
    [InlineData("4d401f", "64001f", true)]
    [InlineData("64001f", "64001f", true)]
    [InlineData("640c1f", "64001f", true)]
    [InlineData("4d001f", "42e01f", false)]
    [InlineData("64001f", "42e01f", false)]
    [InlineData("64001f", "4d001f", false)]
    public void RecordersProfile_NeedsAWatcherThatDecodesIt(string published, string watched, bool accepted)
    {
        StreamDescription stream = Stream(SdpSamples.H264Section(published));
        string offer = SdpSamples.Offer("1", SdpSamples.H264Section(watched));
        if (accepted)
        {
            Assert.Contains($"profile-level-id={watched}", SdpSamples.Whep(offer, stream).Sdp, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(SdpRefusal.CodecMismatch, SdpSamples.WhepRefusal(offer, stream));
        }
    }

    [Fact]
    public void SingleNalPublisher_IsTaken_ButASingleNalWatcherCannotTakeFragments()
    {
        Assert.Equal(0, Stream(SdpSamples.H264Section("42e01f", mode: 0)).Video!.Codec.PacketizationMode);
        Assert.Equal(SdpRefusal.CodecMismatch, SdpSamples.WhepRefusal(SdpSamples.Offer("1", SdpSamples.H264Section("42e01f", 0)), Stream(SdpSamples.H264Section("42e01f"))));
    }

    [Theory]
    [InlineData("a=rid:h send\na=rid:l send\na=simulcast:send h;l\na=extmap:9 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n", "h;l")]
    [InlineData("a=rid:h send pt=96\na=rid:l send\na=simulcast:send ~h,x;l recv z\na=extmap:9 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n", "h;l")]
    [InlineData("a=rid:h send\na=rid:l send\na=simulcast:send h;l\n", "")] // no extension to tell them apart
    [InlineData("a=rid:h send\na=simulcast:send h;l\na=extmap:9 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n", "")] // one layer is no simulcast
    public void SimulcastLayers(string lines, string rids) =>
        Assert.Equal(rids, string.Join(';', Stream(SdpSamples.Vp8Section + lines).Video!.Rids));

    [Fact]
    public void FurtherTracks_AreRejectedOrInactive_AndTheFirstOnesWork()
    {
        string second = SdpSamples.Vp8Section.Replace("a=mid:1", "a=mid:2", StringComparison.Ordinal);
        SessionDescription answer = SdpSamples.Parse(SdpSamples.Whip(SdpSamples.Offer("0 1 2", TwoTracks, second)).Sdp);
        Assert.Equal([SdpDirection.RecvOnly, SdpDirection.RecvOnly, SdpDirection.Inactive], answer.Media.Select(m => m.Direction));
        answer = SdpSamples.Parse(SdpSamples.Whip(SdpSamples.Offer("0 1", TwoTracks, second)).Sdp);
        Assert.Equal([9, 9, 0], answer.Media.Select(m => (int)m.Port));
    }

    [Fact]
    public void SingleSectionWithoutMid_NeedsNoBundle()
    {
        string offer = SdpSamples.Offer("", SdpSamples.OpusSection.Replace("a=mid:0\n", "", StringComparison.Ordinal));
        SessionDescription answer = SdpSamples.Parse(SdpSamples.Whip(offer).Sdp);
        Assert.Empty(answer.BundleGroups);
        Assert.Null(answer.Media[0].Mid);
    }

    private static StreamDescription Stream(string sections) => SdpSamples.Whip(SdpSamples.Offer("0 1", sections)).Stream;
}
