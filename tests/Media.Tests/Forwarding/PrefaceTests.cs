using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

/// <summary>An encoder that sends its parameter sets once, and watchers that come later.</summary>
public sealed class PrefaceTests
{
    private static readonly byte[] Sps = [0x67, 0x42, 0x00, 0x1F, 0x80, 1, 2, 3];
    private static readonly byte[] Pps = [0x68, 0xCE, 0x3C, 0x80];
    private static readonly byte[] Idr = [0x65, 0x88, 1, 2, 3, 4, 5, 6];
    private static readonly byte[] Slice = [0x41, 0x9A, 1, 2, 3, 4, 5, 6];

    private readonly PublishedStream _stream = new(
        new StreamDescription(null, new TrackDescription { Kind = MediaKind.Video, Codecs = [new CodecDescription(CodecKind.H264, 96)] }), ownSsrc: 1);

    private MonoTime _now = new(5_000_000_000);
    private ushort _number = 10;
    private uint _timestamp;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LateWatcher_GetsTheParameterSetsFirst_InItsOwnNumbers_AlsoWhenItAsksAgain(bool rtx)
    {
        Picture(Sps, Pps, Idr);
        Picture(Slice);
        Picture(Idr);
        Picture(Slice);
        var watcher = new FakeWatcher(rtx, h264: true);
        watcher.Subscription.Attach(_stream);
        watcher.PumpAll(_now);

        Assert.Equal([Sps, Pps, Idr, Slice], watcher.Video.Select(v => v.Payload));
        Assert.Equal(Enumerable.Range(0, 4).Select(i => (ushort)(watcher.Video[0].Sequence + i)), watcher.Video.Select(v => v.Sequence));
        Assert.Equal([watcher.Video[2].Timestamp, watcher.Video[2].Timestamp], watcher.Video.Take(2).Select(v => v.Timestamp));

        _now += TimeSpan.FromSeconds(5);
        watcher.Nack(_now, watcher.Video[1].Sequence);
        watcher.Pump(_now);
        if (rtx)
        {
            Assert.True(RtxPayload.TryRead(watcher.Rtx.Single().Payload, out SeqNo original, out ReadOnlySpan<byte> inner));
            Assert.Equal(watcher.Video[1].Sequence, original.Value);
            Assert.Equal(Pps, inner.ToArray());
        }
        else
        {
            Assert.Equal(watcher.Video[1].Wire, watcher.Video[^1].Wire);
        }
    }

    [Fact]
    public void ParameterSetsInFragments_AreKept()
    {
        Picture([0x7C, 0x87, .. Sps[1..4]], [0x7C, 0x07, .. Sps[4..6]], [0x7C, 0x47, .. Sps[6..]], [0x7C, 0xC8, .. Pps[1..]], Idr);
        Assert.Equal([Sps, Pps], _stream.Layers[0].Sets!.Units);
    }

    [Fact]
    public void KeyFrameThatBringsItsOwn_GoesAsItIs()
    {
        Picture([0x78, 0, 8, .. Sps, 0, 4, .. Pps], Idr);
        var watcher = new FakeWatcher(h264: true);
        watcher.Subscription.Attach(_stream);
        watcher.PumpAll(_now);
        Assert.Equal(2, watcher.Video.Count);
    }

    private void Picture(params byte[][] payloads)
    {
        _now += TimeSpan.FromMilliseconds(40);
        _timestamp += 3600;
        foreach (byte[] payload in payloads)
        {
            byte[] header = new byte[RtpHeader.FixedLength];
            RtpHeader.Write(header, 96, payload == payloads[^1], new SeqNo(_number++), new RtpTime(_timestamp), new Ssrc(5));
            _stream.OnRtp([.. header, .. payload], _now);
        }
    }
}
