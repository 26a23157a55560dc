using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

public sealed class SubscriptionTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(40);
    private MonoTime _now = new(5_000_000_000);

    [Fact]
    public void Packets_CarryTheWatchersNumbersTypesAndExtensions()
    {
        var publisher = new FakePublisher();
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);
        publisher.Stream.OnRtp(publisher.Video(_now, key: true), _now);
        publisher.Stream.OnRtp(publisher.Audio(_now, level: 0x85), _now);

        watcher.Pump(_now);

        Assert.Equal(120, watcher.Video.Single().Header.PayloadType);
        Got audio = watcher.Audio.Single();
        Assert.Equal(109, audio.Header.PayloadType);
        Assert.True(new RtpExtensions(audio.Wire, audio.Header).TryFind(6, out ReadOnlySpan<byte> level));
        Assert.Equal(0x85, level[0]);
    }

    [Fact]
    public void Joining_StartsAtTheLastKeyFrame_WithoutAskingThePublisher()
    {
        var publisher = new FakePublisher();
        Play(publisher, frames: 10, keyAt: 4);
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);

        watcher.PumpAll(_now);

        Assert.True(watcher.Video[0].IsKey);
        Assert.Equal(6, watcher.Video.Count);
        Assert.Equal(0, KeyFramesAsked(publisher));
    }

    [Fact]
    public void Joining_WithoutAKeyFrameInTheHistory_AsksForOneAndWaits()
    {
        var publisher = new FakePublisher();
        Play(publisher, frames: 3, keyAt: -1);
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);
        watcher.Pump(_now);
        Play(publisher, frames: 2, keyAt: -1);
        watcher.Pump(_now);

        Assert.Empty(watcher.Video);
        Assert.Equal(1, KeyFramesAsked(publisher));

        Play(publisher, frames: 1, keyAt: 0);
        watcher.Pump(_now);
        Assert.Single(watcher.Video);
    }

    [Fact]
    public void HistoryOnJoining_IsPaced()
    {
        var publisher = new FakePublisher();
        Play(publisher, frames: 300, keyAt: 0);
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);

        watcher.Pump(_now);
        int atOnce = watcher.Video.Count;
        watcher.PumpAll(_now);

        Assert.InRange(atOnce, 20, 60);
        Assert.Equal(300, watcher.Video.Count);
    }

    [Fact]
    public void PausedPicture_UsesUpNoNumbers_AndComesBackWithAKeyFrame()
    {
        var publisher = new FakePublisher();
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);
        Play(publisher, 3, keyAt: 0, watcher);
        watcher.Subscription.SetPassage(new Passage(Video: false, Audio: true));
        Play(publisher, 5, keyAt: -1, watcher);
        watcher.Subscription.SetPassage(new Passage(Video: true, Audio: true));
        Play(publisher, 3, keyAt: 1, watcher);
        watcher.PumpAll(_now);

        AssertGapless(watcher.Video);
        Assert.True(watcher.Video[3].IsKey);
    }

    [Fact]
    public void SoundWithoutPassage_IsNotForwardedAtAll()
    {
        var publisher = new FakePublisher();
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);
        watcher.Subscription.SetPassage(new Passage(Video: true, Audio: false));
        Play(publisher, 50, keyAt: 0, watcher);
        Assert.Empty(watcher.Audio);

        watcher.Subscription.SetPassage(new Passage(Video: true, Audio: true));
        Assert.Empty(watcher.Audio); // nothing of what was said before

        Play(publisher, 2, keyAt: -1, watcher);
        watcher.Subscription.SetPassage(new Passage(Video: true, Audio: false));
        int heard = watcher.Audio.Count;
        Play(publisher, 5, keyAt: -1, watcher);
        Assert.Equal(heard, watcher.Audio.Count);
        AssertGapless(watcher.Audio);
    }

    [Fact]
    public void ReplacedPublisher_ContinuesTheSameStream()
    {
        var first = new FakePublisher(seed: 1);
        FakeWatcher watcher = new FakeWatcher().Watching(first);
        Play(first, 5, keyAt: 0, watcher);
        watcher.Subscription.Attach(null);
        _now += TimeSpan.FromSeconds(4);
        var second = new FakePublisher(seed: 9, firstSequence: 65_530);
        watcher.Subscription.Attach(second.Stream);
        Play(second, 10, keyAt: 0, watcher);

        AssertGapless(watcher.Video);
        AssertGapless(watcher.Audio);
        uint jump = watcher.Video[5].Timestamp - watcher.Video[4].Timestamp;
        Assert.InRange(jump / 90_000.0, 3.9, 4.2);
        Assert.Equal((watcher.Video[4].PictureId + 1) & 0x7FFF, watcher.Video[5].PictureId);
        Assert.Equal((byte)(watcher.Video[4].Tl0 + 1), watcher.Video[5].Tl0);
    }

    [Fact]
    public void PacketThatComesLate_FillsItsPlace()
    {
        var publisher = new FakePublisher();
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);
        publisher.Stream.OnRtp(publisher.Video(_now, key: true), _now);
        byte[] late = publisher.Video(_now);
        publisher.Stream.OnRtp(publisher.Video(_now), _now);
        watcher.Pump(_now);
        publisher.Stream.OnRtp(late, _now);
        watcher.Pump(_now);

        Assert.Equal([0, 2, 1], watcher.Video.Select(v => (ushort)(v.Sequence - watcher.Video[0].Sequence)));
    }

    [Fact]
    public void SenderReports_KeepTheDistanceOfSoundAndPicture()
    {
        var publisher = new FakePublisher();
        FakeWatcher watcher = new FakeWatcher().Watching(publisher);
        Play(publisher, 5, keyAt: 0, watcher);
        publisher.Stream.OnRtcp(publisher.Report(_now, "audio"), _now);
        publisher.Stream.OnRtcp(publisher.Report(_now, ""), _now);
        _now += TimeSpan.FromSeconds(2);
        Play(publisher, 1, keyAt: -1, watcher);

        SenderReport video = watcher.Reports.Last(r => r.Report.Sender.Value == FakeWatcher.VideoSsrc).Report;
        SenderReport audio = watcher.Reports.Last(r => r.Report.Sender.Value == FakeWatcher.AudioSsrc).Report;
        // The wall-clock time of a frame as the watcher computes it from either report.
        double pictureTime = Seconds(video, watcher.Video[^1].Timestamp, 90_000);
        double soundTime = Seconds(audio, watcher.Audio[^1].Timestamp, 48_000);
        Assert.Equal(pictureTime, soundTime, 0.002);
    }

    [Fact]
    public void KeyFrameRequestsOfManyWatchers_BecomeOnePerHalfSecond()
    {
        var publisher = new FakePublisher();
        Play(publisher, 5, keyAt: 0);
        FakeWatcher[] watchers = [.. Enumerable.Range(0, 20).Select(_ => new FakeWatcher().Watching(publisher))];
        int asked = 0;
        for (int i = 0; i < 10; i++)
        {
            foreach (FakeWatcher watcher in watchers)
            {
                watcher.Pli(_now);
            }

            asked += KeyFramesAsked(publisher);
            _now += TimeSpan.FromMilliseconds(100);
        }

        Assert.Equal(2, asked);
    }

    private static double Seconds(SenderReport report, uint timestamp, int rate) =>
        (report.Ntp.Value / 4294967296.0) + (unchecked((int)(timestamp - report.Timestamp.Value)) / (double)rate);

    private static void AssertGapless(List<Got> packets)
    {
        for (int i = 1; i < packets.Count; i++)
        {
            Assert.Equal((ushort)(packets[i - 1].Sequence + 1), packets[i].Sequence);
        }
    }

    private void Play(FakePublisher publisher, int frames, int keyAt, FakeWatcher? watcher = null)
    {
        for (int i = 0; i < frames; i++)
        {
            publisher.Stream.OnRtp(publisher.Video(_now, key: i == keyAt), _now);
            publisher.Stream.OnRtp(publisher.Audio(_now), _now);
            watcher?.Pump(_now);
            _now += Frame;
        }
    }

    private int KeyFramesAsked(FakePublisher publisher)
    {
        int asked = 0;
        var buffer = new byte[1200];
        while (publisher.Stream.TryTakeRtcp(_now, buffer, out int length))
        {
            foreach (RtcpPacket packet in new RtcpReader(buffer.AsSpan(0, length)))
            {
                asked += packet.IsPli ? 1 : 0;
            }
        }

        return asked;
    }
}
