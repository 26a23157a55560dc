using System.Globalization;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Tests.Sdp;

/// <summary>Offers of real clients (Offers/README.md) through the hub's negotiation.</summary>
public sealed class RealOfferTests
{
    [Theory]
    [InlineData("chromium-whip-vp8", CodecKind.Vp8, 96, 97, 111)]
    [InlineData("chromium-whip-h264", CodecKind.H264, 108, 109, 111)]
    [InlineData("chromium-whip-sendrecv", CodecKind.Vp8, 96, 97, 111)]
    [InlineData("wrtc-whip", CodecKind.Vp8, 96, 97, 111)]
    [InlineData("obs-whip", CodecKind.H264, 96, null, 111)]
    [InlineData("firefox-whip", CodecKind.Vp8, 120, 124, 109)]
    [InlineData("ffmpeg-whip", CodecKind.H264, 106, null, 111)]
    [InlineData("loadclient-whip", CodecKind.H264, 102, 103, 111)]
    public void Publisher_IsAnswered_WithItsOwnNumbers(string file, CodecKind codec, int video, int? rtx, int audio)
    {
        string text = Offer(file);
        WhipAnswer answer = SdpSamples.Whip(text);
        Assert.Equal((codec, video, rtx), (answer.Stream.Video!.Codec.Kind, answer.Stream.Video.Codec.PayloadType, answer.Stream.Video.Codec.RtxPayloadType));
        Assert.Equal(audio, answer.Stream.Audio!.Codec.PayloadType);
        Assert.NotNull(answer.Stream.Video.Ssrc);
        Assert.Equal(rtx is not null, answer.Stream.Video.RtxSsrc is not null);
        AssertAnswers(SdpSamples.Parse(text), SdpSamples.Parse(answer.Sdp), "recvonly");
    }

    [Theory]
    [InlineData("chromium-whip-simulcast", CodecKind.Vp8)]
    [InlineData("chromium-whip-h264-simulcast", CodecKind.H264)]
    public void Simulcast_IsAccepted_WithItsLayers(string file, CodecKind codec)
    {
        WhipAnswer answer = SdpSamples.Whip(Offer(file));
        Assert.Equal(codec, answer.Stream.Video!.Codec.Kind);
        Assert.Equal(["h", "m", "l"], answer.Stream.Video.Rids);
        Assert.Equal((10, 11), (answer.Stream.Video.Extensions.Rid, answer.Stream.Video.Extensions.RepairedRid));
        MediaDescription video = SdpSamples.Parse(answer.Sdp).Media[1];
        Assert.Equal("recv h;m;l", video.Attribute("simulcast"));
        Assert.Equal(["h recv", "m recv", "l recv"], video.Attributes("rid"));
    }

    [Theory]
    [InlineData("chromium-whep", "chromium-whip-vp8")]
    [InlineData("chromium-whep", "chromium-whip-h264")]
    [InlineData("chromium-whep-data", "chromium-whip-simulcast")]
    [InlineData("chromium-whep", "ffmpeg-whip")]
    [InlineData("chromium-whep", "obs-whip")]
    [InlineData("wrtc-whep", "chromium-whip-vp8")]
    [InlineData("wrtc-whep", "wrtc-whip")]
    [InlineData("firefox-whep", "chromium-whip-h264")]
    [InlineData("firefox-whep", "wrtc-whip")]
    [InlineData("loadclient-whep", "loadclient-whip")]
    [InlineData("loadclient-whep", "chromium-whip-h264")]
    public void Watcher_IsAnswered_ForAnyPublisherItCanDecode(string watcher, string publisher)
    {
        StreamDescription stream = SdpSamples.Whip(Offer(publisher)).Stream;
        string text = Offer(watcher);
        WhepAnswer answer = SdpSamples.Whep(text, stream);
        SessionDescription written = SdpSamples.Parse(answer.Sdp);
        AssertAnswers(SdpSamples.Parse(text), written, "sendonly");
        Assert.Equal(stream.Video!.Codec.Kind, answer.Video!.Target.Codec.Kind);
        Assert.Equal(answer.Video.Target.Codec.PayloadType, answer.Video.MapPayloadType(stream.Video.Codec.PayloadType));
        Assert.Equal(answer.Audio!.Target.Codec.PayloadType, answer.Audio.MapPayloadType(stream.Audio!.Codec.PayloadType));
        Assert.NotNull(answer.Video.Target.Codec.RtxPayloadType);
        Assert.Equal("22 33", written.Media[1].Attribute("ssrc-group")!["FID ".Length..]);
        Assert.All(written.Media.Where(m => m.Port != 0), m => Assert.Equal("cname:cname-1", m.Attribute("ssrc")!.Split(' ')[1]));
    }

    [Theory]
    [InlineData("loadclient-whep", "chromium-whip-vp8")] // H.264 only
    [InlineData("wrtc-whep", "chromium-whip-h264")] // this build has no H.264
    [InlineData("firefox-whep", "ffmpeg-whip")] // main profile for a baseline decoder
    public void Watcher_ThatCannotDecodeTheStream_IsRefused(string watcher, string publisher) =>
        Assert.Equal(SdpRefusal.CodecMismatch, SdpSamples.WhepRefusal(Offer(watcher), SdpSamples.Whip(Offer(publisher)).Stream));

    [Fact]
    public void DataChannel_IsRejected_AndTheRestWorks()
    {
        SessionDescription answer = SdpSamples.Parse(SdpSamples.Whep(Offer("chromium-whep-data"), SdpSamples.Whip(Offer("chromium-whip-vp8")).Stream).Sdp);
        Assert.Equal(["audio 9", "video 9", "application 0"], answer.Media.Select(m => $"{m.Kind} {m.Port}"));
        Assert.Equal(["0", "1"], Assert.Single(answer.BundleGroups));
    }

    [Fact]
    public void Obs_KeepsStereo_AndAuthenticatesAtTheSessionLevel()
    {
        WhipAnswer answer = SdpSamples.Whip(Offer("obs-whip"));
        Assert.True(answer.Stream.Audio!.Codec.Stereo);
        Assert.Equal("CVyL", answer.Remote.Ufrag);
        Assert.Contains("stereo=1;sprop-stereo=1", SdpSamples.Whep(Offer("chromium-whep"), answer.Stream).Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Ffmpeg_IsDtlsServer_SoTheHubIsClient()
    {
        WhipAnswer answer = SdpSamples.Whip(Offer("ffmpeg-whip"));
        Assert.True(answer.Remote.DtlsClient);
        Assert.Equal("active", SdpSamples.Parse(answer.Sdp).Media[0].Attribute("setup"));
    }

    [Fact]
    public void RedundantAudio_PassesThrough_WhenBothEndsHaveIt()
    {
        StreamDescription stream = SdpSamples.Whip(Offer("chromium-whip-vp8")).Stream;
        Assert.Equal((byte)63, stream.Audio!.Codec.RedPayloadType);
        Assert.Equal((byte)63, SdpSamples.Whep(Offer("wrtc-whep"), stream).Audio!.MapPayloadType(63));
        Assert.Null(SdpSamples.Whep(Offer("firefox-whep"), stream).Audio!.MapPayloadType(63));
    }

    [Fact]
    public void ChromiumExtensions_AreTheOnesThisLibraryKnows() => Assert.Equal(
        new RtpExtensionIds { Mid = 4, Rid = 10, RepairedRid = 11, TransportCc = 3, AbsSendTime = 2 },
        SdpSamples.Whip(Offer("chromium-whip-vp8")).Stream.Video!.Extensions);

    [Fact]
    public void EveryOffer_ReadsBackAsItWasWritten()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Sdp", "Offers"), "*.sdp"))
        {
            string text = File.ReadAllText(file).ReplaceLineEndings("\r\n");
            Assert.Equal(text, SdpSamples.Parse(text).Write());
        }
    }

    internal static string Offer(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sdp", "Offers", name + ".sdp"));

    // What RFC 3264, 9143, and 8839 ask of every answer of an ICE-lite server.
    private static void AssertAnswers(SessionDescription offer, SessionDescription answer, string direction)
    {
        Assert.True(answer.IsIceLite);
        Assert.Equal(offer.Media.Select(m => (m.Kind, m.Mid, m.Protocol)), answer.Media.Select(m => (m.Kind, m.Mid, m.Protocol)));
        foreach ((MediaDescription asked, MediaDescription given) in offer.Media.Zip(answer.Media).Where(p => p.Second.Port != 0))
        {
            Assert.NotNull(given.Attribute(direction));
            Assert.NotNull(given.Attribute("rtcp-mux"));
            Assert.NotNull(given.Attribute("ice-ufrag"));
            Assert.Equal(SdpSamples.Fingerprint, given.Attribute("fingerprint"));
            Assert.Empty(given.Formats.Except(asked.Formats));
            Assert.Equal(given.Formats, given.Attributes("rtpmap").Select(m => m.Split(' ')[0]));
            HashSet<string> offered = [.. asked.Attributes("extmap").Select(e => e.Split(' ')[0].Split('/')[0] + e.Split(' ')[1])];
            Assert.Empty(given.Attributes("extmap").Select(e => e.Split(' ')[0] + e.Split(' ')[1]).Except(offered));
            HashSet<string> feedback = [.. asked.Attributes("rtcp-fb")];
            Assert.Empty(given.Attributes("rtcp-fb").Except(feedback));
        }

        MediaDescription first = answer.Media.First(m => m.Port != 0);
        Assert.Equal(["1 1 udp 2130706431 192.168.1.2 8443 typ host", "2 1 tcp"], first.Attributes("candidate").Select((c, i) => i == 0 ? c : c[..7]));
        Assert.EndsWith("typ host tcptype passive", first.Attributes("candidate").Last(), StringComparison.Ordinal);
        Assert.NotNull(first.Attribute("end-of-candidates"));
        Assert.True(uint.Parse(first.Attributes("candidate").First().Split(' ')[3], CultureInfo.InvariantCulture)
            > uint.Parse(first.Attributes("candidate").Last().Split(' ')[3], CultureInfo.InvariantCulture));
    }
}
