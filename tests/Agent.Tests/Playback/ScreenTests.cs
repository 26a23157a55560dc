using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Tests.Joining;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.TestKit.Time;

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

    [Fact]
    public void LongTopic_IsWrapped_AndNothingRunsOffTheScreen()
    {
        string topic = string.Concat(Enumerable.Repeat("江南水乡的桥与船", 5));
        string card = WaitingCard.Render("三年级一班", "红柳沟教学点", Lessons.Timetable(Bell).Occurrences[0] with { Topic = topic }, Bell.AddMinutes(-1), Zone, linked: true);
        Assert.All(card.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.InRange(WidthOf(line), 1, 1280));
        Assert.Equal("英语　" + topic, string.Concat(card.Split('\n').Skip(1).Take(3).Select(l => l[(l.IndexOf('}', StringComparison.Ordinal) + 1)..]).Where(l => l.Contains('桥', StringComparison.Ordinal) || l.Contains('江', StringComparison.Ordinal))));
    }

    [Fact]
    public void IdleScreen_ShowsTheTime_TheNextLesson_AndTheLine()
    {
        string card = WaitingCard.Idle("三年级一班", "红柳沟教学点", Lessons.Timetable(Bell).Occurrences[0], Bell.AddHours(-1), Zone, linked: true);
        Assert.Contains("}08:00\n", card, StringComparison.Ordinal);
        Assert.Contains("09:00", card, StringComparison.Ordinal);
        Assert.Contains("英语", card, StringComparison.Ordinal);
        Assert.Contains(Words.Get("CardLinked"), card, StringComparison.Ordinal);
        Assert.Contains(Words.Get("CardNotLinked"), WaitingCard.Idle("r", "s", null, Bell, Zone, linked: false), StringComparison.Ordinal);
    }

    [Fact]
    public void LecturersMessage_IsShownForAWhile_EachOnce_AndASignStandsWhileAnythingIsCaptured()
    {
        var time = new ManualTime();
        var notices = new ScreenNotices(time);
        Assert.Equal("", notices.Text());
        var line = new ChatLine(7, "host", "李老师", "请打开课本第 12 页", Bell);
        notices.OnChat(line);
        notices.OnChat(line); // told again after a reconnect
        Assert.Equal(1, notices.Text().Split("请打开课本第 12 页").Length - 1);
        time.Advance(ScreenNotices.MessageStays + TimeSpan.FromSeconds(1));
        Assert.Equal("", notices.Text());
        notices.Captured = () => true;
        Assert.Contains(Words.Get("SignCamera"), notices.Text(), StringComparison.Ordinal);
        notices.Opens = () => TimeSpan.FromSeconds(4.2);
        Assert.Contains(Words.Format("SignMicrophoneOpens", 5), notices.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void CodeOfTheTelephonePage_LiesWhollyOnTheScreen()
    {
        string drawing = QrDrawing.Of("https://hub.qingchuan.example:8443/room#0123456789abcdef01234567", 1070, 500, 190);
        Assert.Equal(2, drawing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        int[] numbers = [.. drawing.Split('\n')[1].Split('}')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => int.TryParse(p, out int n) ? n : 0)];
        Assert.InRange(numbers.Max(), 100, 190);
    }

    /// <summary>In the card's units: a Chinese character is as wide as it is high, a Latin letter half of that.</summary>
    private static int WidthOf(string line)
    {
        int size = int.Parse(line.Split("\\fs")[1].Split('\\')[0], System.Globalization.CultureInfo.InvariantCulture);
        return line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Sum(c => c >= 0x1100 ? size : size / 2);
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
