using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Tests.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Playback;

public class ScreenTests
{
    private static readonly DateTimeOffset Bell = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("C", TimeSpan.FromHours(8), "C", "C");

    [Fact]
    public void WaitingCard_SaysRoomLessonLecturerAndCountdown()
    {
        string card = WaitingCard.Render("三年级一班", "红柳沟教学点", Lessons.Timetable(Bell).Occurrences[0], Bell.AddSeconds(-75.5), Zone, linked: true);
        Assert.Contains("红柳沟教学点 · 三年级一班", card, StringComparison.Ordinal);
        Assert.Contains("英语", card, StringComparison.Ordinal);
        Assert.Contains("李老师", card, StringComparison.Ordinal);
        Assert.Contains("}1:16\n", card, StringComparison.Ordinal);
        Assert.Contains("09:00", card, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesWithAssCommands_CannotChangeTheCard()
    {
        DeviceOccurrence lesson = Lessons.Timetable(Bell).Occurrences[0] with { Topic = "{\\fs500}a\nb", Lecturer = "x\\Ny" };
        string card = WaitingCard.Render("r", "s", lesson, Bell, Zone, linked: true);
        Assert.DoesNotContain("\\fs500", card, StringComparison.Ordinal);
        Assert.DoesNotContain("\\Ny", card, StringComparison.Ordinal);
        Assert.Equal(5, card.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("auto", true, "gpu,x11")]
    [InlineData("auto", false, "x11,gpu")]
    [InlineData("drm", false, "drm")]
    public void VideoOutput_FollowsTheMachine_UnlessItIsSet(string wanted, bool graphicsCard, string output) =>
        Assert.Equal(output, MpvScreen.Video(new PlaybackOptions { VideoOutput = wanted }, graphicsCard));

    [Fact]
    public void PlayerThatIsFedButStandsStill_IsStuck_OneThatMovesOrStarvesIsNot()
    {
        var watch = new StuckWatch();
        Assert.False(watch.OnBeat(null, TimeSpan.Zero));
        Assert.False(watch.OnBeat(null, TimeSpan.FromSeconds(7)));
        Assert.True(watch.OnBeat(null, TimeSpan.FromSeconds(9)));

        Assert.False(watch.OnBeat(8.5, TimeSpan.FromSeconds(9)));
        Assert.False(watch.OnBeat(9.5, TimeSpan.FromSeconds(20)));
        Assert.False(watch.OnBeat(9.5, TimeSpan.FromSeconds(20)));
        Assert.True(watch.OnBeat(9.5, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void SharedScreen_TakesTheMainPlace_AndTheCameraGoesToTheCorner()
    {
        Assert.Equal(ScreenPlace.Main, ScreenLayout.Places(["host-camera"])["host-camera"]);
        var both = ScreenLayout.Places(["host-camera", "host-screen", "r2-camera"]);
        Assert.Equal((ScreenPlace.Main, ScreenPlace.Corner, ScreenPlace.LeftCorner), (both["host-screen"], both["host-camera"], both["r2-camera"]));
    }

    [Fact]
    public void LaggingPlayer_RunsFaster_UntilItHasCaughtUp()
    {
        var pace = new PlayoutPace(TimeSpan.FromMilliseconds(300));
        Assert.False(pace.OnLag(TimeSpan.FromMilliseconds(200)));
        Assert.True(pace.OnLag(TimeSpan.FromMilliseconds(400)));
        Assert.Equal(1.1, pace.Speed);
        Assert.False(pace.OnLag(TimeSpan.FromMilliseconds(200)));
        Assert.True(pace.OnLag(TimeSpan.FromMilliseconds(100)));
        Assert.Equal(1, pace.Speed);
    }
}
