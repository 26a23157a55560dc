using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Agent.Tests.Joining;

public class StreamTimelineTests
{
    private static readonly DateTimeOffset Wall = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void SteadyStream_KeepsItsDistances()
    {
        var timeline = new StreamTimeline();
        TimeSpan first = timeline.Place(TrackKind.Video, new RtpTime(1000), Ms(50));
        TimeSpan second = timeline.Place(TrackKind.Video, new RtpTime(1000 + 3600), Ms(95));
        Assert.Equal(Ms(40), second - first);
    }

    [Fact]
    public void BurstOfANewcomer_IsDrawnTogetherBeforeTheLiveEdge()
    {
        var timeline = new StreamTimeline();
        TimeSpan last = TimeSpan.Zero;
        // 25 pictures of the last second arrive within 5 ms, then live ones.
        for (int i = 0; i < 25; i++)
        {
            last = timeline.Place(TrackKind.Video, Video(i * 40), Ms(1000 + (i / 5)));
        }

        Assert.InRange(last, Ms(1000), Ms(1025));
        TimeSpan live = timeline.Place(TrackKind.Video, Video(1000), Ms(1040));
        Assert.InRange(live, Ms(1030), Ms(1046));
    }

    [Fact]
    public void SenderReports_BindSoundAndPicture_WhateverTheirArrival()
    {
        var timeline = new StreamTimeline();
        // The sound was captured together with the picture but arrives 100 ms later.
        timeline.Place(TrackKind.Video, Video(0), Ms(1000));
        timeline.Place(TrackKind.Audio, Audio(0), Ms(1100));
        timeline.OnSenderReport(TrackKind.Video, NtpTime.From(Wall), Video(0));
        timeline.OnSenderReport(TrackKind.Audio, NtpTime.From(Wall), Audio(0));

        TimeSpan picture = timeline.Place(TrackKind.Video, Video(1000), Ms(2000));
        TimeSpan sound = timeline.Place(TrackKind.Audio, Audio(1000), Ms(2100));

        Assert.Equal(picture, sound);
    }

    [Fact]
    public void StampsThatWrap_GoOn()
    {
        var timeline = new StreamTimeline();
        TimeSpan before = timeline.Place(TrackKind.Video, new RtpTime(uint.MaxValue - 1799), Ms(0));
        TimeSpan after = timeline.Place(TrackKind.Video, new RtpTime(1800), Ms(40));
        Assert.Equal(Ms(40), after - before);
    }

    [Fact]
    public void TimesAscend_EvenWhenStampsStandStill()
    {
        var timeline = new StreamTimeline();
        TimeSpan one = timeline.Place(TrackKind.Video, Video(0), Ms(10));
        TimeSpan two = timeline.Place(TrackKind.Video, Video(0), Ms(10));
        Assert.True(two > one);
    }

    private static TimeSpan Ms(int value) => TimeSpan.FromMilliseconds(value);

    private static RtpTime Video(int ms) => new((uint)(5000 + (ms * 90)));

    private static RtpTime Audio(int ms) => new((uint)(77 + (ms * 48)));
}
