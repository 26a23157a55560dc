using System.Globalization;
using System.Text;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Text of the waiting card as an ASS event for mpv's OSD overlay, laid out on 1280 × 720. Pure.</summary>
internal static class WaitingCard
{
    /// <param name="now">Hub time.</param>
    /// <param name="zone">The county's zone, for the bell.</param>
    public static string Render(string classroom, string school, DeviceOccurrence lesson, DateTimeOffset now, TimeZoneInfo zone, bool linked)
    {
        var card = new StringBuilder();
        Line(card, 120, 34, "9FB3C8", $"{school} · {classroom}");
        Line(card, 215, 66, "FFFFFF", lesson.Topic.Length > 0 ? $"{lesson.Subject}　{lesson.Topic}" : lesson.Subject);
        Line(card, 300, 36, "D9E2EC", Words.Format("CardLecturer", lesson.Lecturer, lesson.HostSchool, lesson.HostRoom));
        TimeSpan left = lesson.StartsAt - now;
        if (left > TimeSpan.Zero)
        {
            Line(card, 440, 120, "F7C948", Countdown(left));
            Line(card, 540, 34, "9FB3C8", Words.Format("CardBell", TimeZoneInfo.ConvertTime(lesson.StartsAt, zone).ToString("HH:mm", CultureInfo.InvariantCulture)));
        }
        else
        {
            Line(card, 440, 60, "F7C948", Words.Get("CardWaitingForLecturer"));
        }

        Line(card, 650, 28, linked ? "7BC47F" : "E66A6A", Words.Get(linked ? "CardLinked" : "CardNotLinked"));
        return card.ToString();
    }

    /// <summary>What the screen says between lessons and while the line is broken.</summary>
    public static string Plain(string classroom, string school, string message)
    {
        var card = new StringBuilder();
        Line(card, 300, 34, "9FB3C8", $"{school} · {classroom}");
        Line(card, 390, 48, "D9E2EC", message);
        return card.ToString();
    }

    /// <summary>mm:ss, rounded up, so that 0:00 is the bell.</summary>
    public static string Countdown(TimeSpan left)
    {
        int seconds = (int)Math.Ceiling(left.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}");
    }

    private static void Line(StringBuilder card, int y, int size, string rgb, string text)
    {
        // ASS writes colours as blue, green, red; braces and backslashes are its commands.
        string bgr = rgb[4..] + rgb[2..4] + rgb[..2];
        string plain = text.Replace("\\", "＼", StringComparison.Ordinal).Replace("{", "（", StringComparison.Ordinal).Replace("}", "）", StringComparison.Ordinal)
            .Replace('\n', ' ').Replace('\r', ' ');
        card.Append(CultureInfo.InvariantCulture, $"{{\\an5\\pos(640,{y})\\fs{size}\\bord0\\shad0\\fnNoto Sans CJK SC\\1c&H{bgr}&}}{plain}\n");
    }
}
