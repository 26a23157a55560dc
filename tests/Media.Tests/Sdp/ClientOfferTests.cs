using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Tests.Sdp;

public sealed class ClientOfferTests
{
    [Theory]
    [InlineData(CodecKind.H264)]
    [InlineData(CodecKind.Vp8)]
    public void PublishAndWatch_ThroughTheHub_AgreeOnEveryNumber(CodecKind kind)
    {
        ClientOffer publish = WhipOffer.Create(SdpSamples.Client, SdpSamples.Sources, kind, audio: true, stereo: true);
        WhipAnswer hub = SdpSamples.Whip(publish.Sdp);
        Assert.True(publish.TryReadAnswer(hub.Sdp, out ClientAnswer? agreed, out _, out SdpRefusal refusal), refusal.ToString());

        Assert.Equal(hub.Stream.Video!.Codec.PayloadType, agreed.Video!.Codec.PayloadType);
        Assert.Equal(kind, agreed.Video.Codec.Kind);
        Assert.Equal(new Ssrc(22), hub.Stream.Video.Ssrc);
        Assert.Equal(new Ssrc(33), hub.Stream.Video.RtxSsrc);
        Assert.True(hub.Stream.Audio!.Codec.Stereo);
        Assert.True(agreed.Remote.DtlsClient);
        Assert.True(agreed.Remote.IceLite);
        Assert.False(hub.Remote.DtlsClient);
        Assert.Equal([IceTransport.Udp, IceTransport.TcpPassive], agreed.Remote.Candidates.Select(c => c.Transport));
        Assert.All(agreed.Remote.Candidates, c => Assert.Equal(SdpSamples.HubAddress, c.Address));

        ClientOffer watch = WhepOffer.Create(SdpSamples.Client);
        WhepAnswer answer = SdpSamples.Whep(watch.Sdp, hub.Stream);
        Assert.True(watch.TryReadAnswer(answer.Sdp, out ClientAnswer? watched, out _, out refusal), refusal.ToString());
        Assert.Equal(kind, watched.Video!.Codec.Kind);
        Assert.Equal(answer.Video!.Target.Codec.PayloadType, watched.Video.Codec.PayloadType);
        Assert.Equal(new Ssrc(22), watched.Video.Ssrc);
        Assert.Equal(new Ssrc(33), watched.Video.RtxSsrc);
        Assert.Equal("cname-1", watched.Audio!.Cname);
        Assert.True(watched.Audio.Codec.Stereo);
        Assert.Equal(answer.Video.Target.Extensions, watched.Video.Extensions);
    }

    [Fact]
    public void AnswerWithAnotherNumberOfSections_IsNotOurs()
    {
        ClientOffer both = WhepOffer.Create(SdpSamples.Client);
        ClientOffer sound = WhipOffer.Create(SdpSamples.Client, SdpSamples.Sources, null, audio: true);
        Assert.False(both.TryReadAnswer(SdpSamples.Whip(sound.Sdp).Sdp, out _, out SdpError error, out SdpRefusal refusal));
        Assert.Equal((SdpError.None, SdpRefusal.NotOurOffer), (error, refusal));
    }

    [Fact]
    public void AnswerThatIsNotSdp_SaysSo()
    {
        Assert.False(WhepOffer.Create(SdpSamples.Client).TryReadAnswer("<html>", out _, out SdpError error, out _));
        Assert.Equal(SdpError.NoVersion, error);
    }
}
