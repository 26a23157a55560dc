using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Tests.Streams;

public sealed class TroubleWatchTests
{
    private readonly PublishedStream _stream = new(
        new StreamDescription(
            new TrackDescription { Kind = MediaKind.Audio, Codecs = [new CodecDescription(CodecKind.Opus, 111)] },
            new TrackDescription { Kind = MediaKind.Video, Codecs = [new CodecDescription(CodecKind.H264, 96)] }),
        ownSsrc: 1);

    private readonly PeerDrops _drops = new();
    private readonly TroubleWatch _watch = new(new MonoTime(0));
    private MonoTime _now;
    private MonoTime? _heard;
    private ushort _number;

    [Fact]
    public void NothingThatComesCanBeDecrypted_ForTwoSeconds()
    {
        Seconds(4, () => Hear(111));
        Assert.Null(_watch.Trouble);
        Seconds(1, () => _drops.Count(DropReason.Unauthenticated));
        Assert.Null(_watch.Trouble);
        Seconds(2, () => _drops.Count(DropReason.Unauthenticated));
        Assert.Equal(StreamTrouble.NotAuthentic, _watch.Trouble);
        Seconds(1, () => Hear(111));
        Assert.Null(_watch.Trouble);
    }

    [Fact]
    public void NothingComes()
    {
        Seconds(9, () => { });
        Assert.Null(_watch.Trouble);
        Seconds(1, () => { });
        Assert.Equal(StreamTrouble.NothingComes, _watch.Trouble);
    }

    [Fact]
    public void SoundAlone_ThenPicturesWithoutAKeyFrame_ThenWithoutParameterSets_ThenAll()
    {
        Seconds(11, () => Hear(111));
        Assert.Equal(StreamTrouble.NoPicture, _watch.Trouble);
        Seconds(1, () => Hear(96, 0x41, 0x9A));
        Assert.Equal(StreamTrouble.NoKeyFrame, _watch.Trouble);
        Seconds(1, () => Hear(96, 0x65, 0x88));
        Assert.Equal(StreamTrouble.NoParameterSets, _watch.Trouble);
        Seconds(1, () =>
        {
            Hear(96, 0x67, 0x42, 0x00, 0x1F, 0x80);
            Hear(96, 0x68, 0xCE);
        });
        Assert.Null(_watch.Trouble);
    }

    [Fact]
    public void PacketsOfAKindThatWasNotAgreedOn()
    {
        Seconds(1, () => Hear(111));
        Seconds(1, () => Enumerable.Repeat(0, 30).ToList().ForEach(_ => Hear(98, 1, 2)));
        Assert.Equal(StreamTrouble.PacketsUnusable, _watch.Trouble);
    }

    private void Hear(byte type, params byte[] payload)
    {
        byte[] packet = new byte[RtpHeader.FixedLength];
        RtpHeader.Write(packet, type, false, new SeqNo(_number++), new RtpTime(_number * 3000u), new Ssrc(type));
        _stream.OnRtp([.. packet, .. payload, 0], _now);
        _heard = _now;
    }

    private void Seconds(int count, Action each)
    {
        for (int i = 0; i < count; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            each();
            _watch.OnSecond(_stream, _drops, _heard, _now);
        }
    }
}
