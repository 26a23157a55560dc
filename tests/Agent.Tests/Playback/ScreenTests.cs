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
    public void PlayerAfterOneThatHung_TriesPlainX11First_UnlessTheOutputIsSet()
    {
        Assert.Contains("--vo=x11,gpu", MpvScreen.Player(new PlaybackOptions(), ScreenPlace.Main, "p1", hung: true));
        Assert.Contains("--vo=drm", MpvScreen.Player(new PlaybackOptions { VideoOutput = "drm" }, ScreenPlace.Main, "p1", hung: true));
    }

    [Fact]
    public void PlayerThatIsFedButStandsStill_IsStuck_OneThatMovesOrStarvesIsNot()
    {
        static bool Beats(StuckWatch watch, int beats, Func<int, double?> shown, Func<int, double> fed) =>
            Enumerable.Range(0, beats).Any(i => watch.OnBeat(shown(i), TimeSpan.FromSeconds(fed(i))));

        Assert.True(Beats(new StuckWatch(), 15, _ => null, i => i)); // never a picture
        Assert.True(Beats(new StuckWatch(), 15, _ => 3.5, i => i)); // a picture that stands still
        Assert.False(Beats(new StuckWatch(), 60, i => i + 0.5, i => i));
        Assert.False(Beats(new StuckWatch(), 60, _ => 3.5, _ => 4)); // no line: nothing to show
        Assert.False(Beats(new StuckWatch(), 3, _ => 3.5, i => 40 * i)); // the line is back after a long time
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
