using ThreeClassrooms.Media.Matroska;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Matroska;

public sealed class MediaTimelineTests
{
    private static readonly NtpTime Noon = NtpTime.From(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
    private readonly MediaTimeline _timeline = new(At(1000));

    [Fact]
    public void FramesFollowTheirClock_NotTheJitterOfTheirArrival()
    {
        Assert.Equal(500, Video(0, 1500));
        Assert.Equal(540, Video(3600, 1577));
        Assert.Equal(580, Video(7200, 1580));
    }

    [Fact]
    public void SenderReports_MoveThePictureBesideItsSound()
    {
        Assert.Equal(100, Audio(0, 1100));
        Assert.Equal(250, Video(0, 1250)); // arrived late: an encoder's delay
        _timeline.OnAudioReport(Noon, new RtpTime(48_000));
        _timeline.OnVideoReport(Noon, new RtpTime(90_000)); // both clocks: one second after their first frame
        Assert.Equal(100, Video(0, 1250));
        Assert.Equal(1100, Video(90_000, 2250));
        Assert.Equal(1100, Audio(48_000, 2100));
    }

    [Fact]
    public void Gap_LeavesAHole_AndKeepsTheTimeline()
    {
        Assert.Equal(0, Video(0, 1000));
        Assert.Equal(30_000, Video(90_000, 31_000)); // the clock stood still while the camera was away
        Assert.Equal(30_040, Video(93_600, 31_040));
    }

    [Fact]
    public void Restart_ContinuesAtTheArrival()
    {
        Video(0, 1000);
        Audio(0, 1000);
        _timeline.OnRestart();
        Assert.Equal(5000, Video(0xFFFF_0000, 6000));
        Assert.Equal(5020, Audio(77, 6020));
    }

    [Fact]
    public void TimestampsWrap_InALongLesson()
    {
        uint timestamp = 0xFFFF_0000;
        long arrived = 1000;
        for (int i = 0; i < 60 * 60 * 16; i += 60)
        {
            Assert.Equal(i * 1000L, Video(unchecked(timestamp + (uint)(i * 90_000L)), arrived + (i * 1000L)));
        }
    }

    private static MonoTime At(long ms) => new(ms * 1_000_000);

    private double Video(uint timestamp, long ms) => _timeline.PlaceVideo(new RtpTime(timestamp), At(ms)).TotalMilliseconds;

    private double Audio(uint timestamp, long ms) => _timeline.PlaceAudio(new RtpTime(timestamp), At(ms)).TotalMilliseconds;
}
