using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

/// <summary>Publishers whose sources and numbers do not stay.</summary>
public sealed class PublishedSourceTests
{
    private MonoTime _now = new(5_000_000_000);

    [Fact]
    public void NewSourceWithLowerNumbers_GoesOnWithoutAGap_FromItsKeyFrame()
    {
        var first = new FakePublisher(seed: 1, firstSequence: 40_000);
        var second = new FakePublisher(seed: 2, firstSequence: 90);
        FakeWatcher watcher = new FakeWatcher().Watching(first);
        Play(first.Stream, first, 5, keyAt: 0);
        watcher.Pump(_now);
        Play(first.Stream, second, 3, keyAt: -1);
        watcher.Pump(_now);
        Assert.Equal(5, watcher.Video.Count);
        Assert.Equal(8, watcher.Audio.Count);
        Assert.Equal(1, KeyFramesAsked(first.Stream));

        Play(first.Stream, second, 5, keyAt: 0);
        watcher.Pump(_now);
        Assert.Equal(10, watcher.Video.Count);
        Assert.True(watcher.Video[5].IsKey);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (ushort)(watcher.Video[0].Sequence + i)), watcher.Video.Select(v => v.Sequence));
        Assert.Equal(Enumerable.Range(0, 13).Select(i => (ushort)(watcher.Audio[0].Sequence + i)), watcher.Audio.Select(a => a.Sequence));
        Assert.All(watcher.Video.Zip(watcher.Video.Skip(1)), p => Assert.InRange(p.Second.Timestamp - p.First.Timestamp, 1u, 20_000u));
    }

    [Fact]
    public void SourceThatWasReplaced_IsNotHeard_UntilTheNewOneIsSilent()
    {
        var first = new FakePublisher(seed: 1);
        var second = new FakePublisher(seed: 2);
        Play(first.Stream, first, 2, keyAt: 0);
        Play(first.Stream, second, 2, keyAt: 0);
        Play(first.Stream, first, 2, keyAt: 0);
        Assert.Equal(4, first.Stream.Drops[MediaDrop.OldSource]); // two pictures, two sounds
        Assert.Equal(second.SsrcOf(""), first.Stream.Layers[0].Ssrc!.Value.Value);

        _now += TimeSpan.FromSeconds(2);
        Play(first.Stream, first, 2, keyAt: 0);
        Assert.Equal(first.SsrcOf(""), first.Stream.Layers[0].Ssrc!.Value.Value);
    }

    [Fact]
    public void ManySources_TheSilentOnesGiveUpTheirPlace()
    {
        var stream = new FakePublisher(seed: 1).Stream;
        for (uint seed = 1; seed <= 60; seed++)
        {
            Play(stream, new FakePublisher(seed), 1, keyAt: 0);
        }

        Assert.Equal(60, stream.Layers[0].PacketsReceived);
        Assert.Equal(60, stream.Audio!.PacketsReceived);
    }

    [Fact]
    public void OpusOfSeveralFrames_PassesUpToTheMtu_AndWhatIsLongerIsCounted()
    {
        var publisher = new FakePublisher();
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);
        foreach (int size in (int[])[1276, 1277, 1440, 1500, 1501])
        {
            byte[] packet = publisher.Audio(_now);
            publisher.Stream.OnRtp([.. packet.AsSpan(0, packet.Length - 40), .. new byte[size]], _now);
        }

        watcher.Pump(_now);
        Assert.Equal([1276, 1277, 1440, 1500], watcher.Audio.Select(a => a.Payload.Length));
        Assert.Equal(1, publisher.Stream.Drops[MediaDrop.TooLarge]);
    }

    [Fact]
    public void WhatGoesNoFurther_IsCountedByItsReason()
    {
        var publisher = new FakePublisher();
        byte[] packet = publisher.Video(_now, key: true);
        publisher.Stream.OnRtp(packet, _now);
        publisher.Stream.OnRtp(packet, _now);
        publisher.Stream.OnRtp([1, 2, 3], _now);
        byte[] unknown = publisher.Video(_now);
        unknown[1] = 33;
        unknown[11] ^= 0x55;
        publisher.Stream.OnRtp(unknown, _now);

        MediaDrops drops = publisher.Stream.Drops;
        Assert.Equal((1L, 1L, 1L), (drops[MediaDrop.Late], drops[MediaDrop.Unreadable], drops[MediaDrop.UnknownType]));
    }

    private void Play(PublishedStream stream, FakePublisher publisher, int frames, int keyAt)
    {
        for (int i = 0; i < frames; i++)
        {
            _now += TimeSpan.FromMilliseconds(40);
            stream.OnRtp(publisher.Video(_now, key: i == keyAt), _now);
            stream.OnRtp(publisher.Audio(_now), _now);
        }
    }

    private int KeyFramesAsked(PublishedStream stream)
    {
        var buffer = new byte[1200];
        int asked = 0;
        while (stream.TryTakeRtcp(_now, buffer, out int length))
        {
            foreach (RtcpPacket packet in new RtcpReader(buffer.AsSpan(0, length)))
            {
                asked += packet.IsPli ? 1 : 0;
            }
        }

        return asked;
    }
}
