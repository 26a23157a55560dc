using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

public sealed class RepeatTests
{
    private MonoTime _now = new(5_000_000_000);

    [Fact]
    public void EveryAskedPacketInTheHistory_IsRepeatedByRtx()
    {
        (_, FakeWatcher watcher) = Play(rtx: true, packets: 400);
        foreach (Got[] some in watcher.Video.Chunk(50))
        {
            watcher.Nack(_now, [.. some.Select(s => s.Sequence)]);
            _now = watcher.PumpAll(_now);
        }

        Assert.Equal(400, watcher.Rtx.Count);
        for (int i = 0; i < 400; i++)
        {
            Assert.True(RtxPayload.TryRead(watcher.Rtx[i].Payload, out SeqNo original, out ReadOnlySpan<byte> inner));
            Assert.Equal(watcher.Video[i].Sequence, original.Value);
            Assert.Equal(watcher.Video[i].Payload, inner.ToArray());
            Assert.Equal(watcher.Video[i].Timestamp, watcher.Rtx[i].Timestamp);
            Assert.Equal((ushort)(watcher.Rtx[0].Sequence + i), watcher.Rtx[i].Sequence);
            Assert.Equal(121, watcher.Rtx[i].Header.PayloadType);
        }
    }

    [Fact]
    public void WithoutRtx_TheVerySamePacketIsSentAgain_WhateverExtensionsWereAgreed()
    {
        (_, FakeWatcher watcher) = Play(rtx: false, packets: 20);
        byte[] first = watcher.Video[7].Wire;
        _now += TimeSpan.FromSeconds(1);
        watcher.Nack(_now, watcher.Video[7].Sequence);
        watcher.Pump(_now);

        // A cipher must never see two different packets under one number.
        Assert.Equal(21, watcher.Video.Count);
        Assert.Equal(first, watcher.Video[20].Wire);
    }

    [Fact]
    public void RequestWithinARoundTripOfTheRepeat_IsNotAnsweredAgain()
    {
        (_, FakeWatcher watcher) = Play(rtx: true, packets: 20);
        watcher.Nack(_now, watcher.Video[3].Sequence);
        watcher.Pump(_now);
        watcher.Nack(_now + TimeSpan.FromMilliseconds(3), watcher.Video[3].Sequence);
        watcher.Pump(_now + TimeSpan.FromMilliseconds(3));
        Assert.Single(watcher.Rtx);

        watcher.Nack(_now + TimeSpan.FromMilliseconds(40), watcher.Video[3].Sequence);
        watcher.Pump(_now + TimeSpan.FromMilliseconds(40));
        Assert.Equal(2, watcher.Rtx.Count);
    }

    [Fact]
    public void PacketsFromBeforeAPause_AreStillRepeated()
    {
        (FakePublisher publisher, FakeWatcher watcher) = Play(rtx: true, packets: 20);
        watcher.Subscription.SetPassage(default);
        watcher.Subscription.SetPassage(new(Video: true, Audio: true));
        publisher.Stream.OnRtp(publisher.Video(_now, key: true), _now);
        _now = watcher.PumpAll(_now);

        watcher.Nack(_now, watcher.Video[10].Sequence);
        watcher.Pump(_now);

        Assert.Equal(watcher.Video[10].Payload, watcher.Rtx.Single().Payload[2..]);
    }

    [Fact]
    public void NumbersNeverSent_AndNumbersOutOfTheHistory_AreIgnored()
    {
        (FakePublisher publisher, FakeWatcher watcher) = Play(rtx: true, packets: 600);
        ushort first = watcher.Video[0].Sequence;
        watcher.Nack(_now, (ushort)(first - 5), first, (ushort)(watcher.Video[^1].Sequence + 1), (ushort)(first + 30_000));
        watcher.PumpAll(_now);

        Assert.Empty(watcher.Rtx);
        Assert.Equal(600, publisher.Stream.Layers[0].PacketsReceived);
    }

    private (FakePublisher Publisher, FakeWatcher Watcher) Play(bool rtx, int packets)
    {
        var publisher = new FakePublisher();
        FakeWatcher watcher = new FakeWatcher(rtx, extensions: new RtpExtensionIds { TransportCc = 3, AbsSendTime = 5 }).Watching(publisher);
        for (int i = 0; i < packets; i++)
        {
            publisher.Stream.OnRtp(publisher.Video(_now, key: i == 0), _now);
            watcher.Pump(_now);
            _now += TimeSpan.FromMilliseconds(4);
        }

        return (publisher, watcher);
    }
}
