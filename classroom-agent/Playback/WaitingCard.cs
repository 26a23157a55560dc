using System.Globalization;
using System.Text;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Text of the waiting card as ASS events for mpv's OSD overlay, laid out on 1280 × 720. Pure.</summary>
internal static class WaitingCard
{
    private const int Middle = 640;

    /// <param name="now">Hub time.</param>
    /// <param name="zone">The county's zone, for the bell.</param>
    public static string Render(string classroom, string school, DeviceOccurrence lesson, DateTimeOffset now, TimeZoneInfo zone, bool linked)
    {
        var card = new StringBuilder();
        Lines(card, 70, 34, "9FB3C8", $"{school} · {classroom}", 1);
        int y = Lines(card, 150, 66, "FFFFFF", lesson.Topic.Length > 0 ? $"{lesson.Subject}　{lesson.Topic}" : lesson.Subject, 3);
        Lines(card, y + 12, 34, "D9E2EC", Words.Format("CardLecturer", lesson.Lecturer, lesson.HostSchool, lesson.HostRoom), 2);
        TimeSpan left = lesson.StartsAt - now;
        if (left > TimeSpan.Zero)
        {
            Line(card, 470, 120, "F7C948", Countdown(left));
            Line(card, 570, 34, "9FB3C8", Words.Format("CardBell", Clock(lesson.StartsAt, zone)));
        }
        else
        {
            Line(card, 470, 60, "F7C948", Words.Get("CardWaitingForLecturer"));
        }

        Link(card, linked);
        return card.ToString();
    }

    /// <summary>Between lessons: the time, the next lesson and the line.</summary>
    /// <param name="next">Null: none is known.</param>
    public static string Idle(string classroom, string school, DeviceOccurrence? next, DateTimeOffset now, TimeZoneInfo zone, bool linked)
    {
        var card = new StringBuilder();
        Lines(card, 90, 34, "9FB3C8", $"{school} · {classroom}", 1);
        Line(card, 220, 130, "FFFFFF", Clock(now, zone));
        if (next is null)
        {
            Line(card, 390, 44, "D9E2EC", Words.Get("CardNoLesson"));
        }
        else
        {
            Line(card, 350, 34, "9FB3C8", Words.Format("CardNext", Day(next.StartsAt, now, zone), Clock(next.StartsAt, zone)));
            int y = Lines(card, 410, 48, "D9E2EC", next.Topic.Length > 0 ? $"{next.Subject}　{next.Topic}" : next.Subject, 2);
            Lines(card, y + 8, 30, "9FB3C8", Words.Format("CardLecturer", next.Lecturer, next.HostSchool, next.HostRoom), 1);
        }

        Link(card, linked);
        return card.ToString();
    }

    /// <summary>One word to whoever stands before the screen.</summary>
    public static string Plain(string classroom, string school, string message)
    {
        var card = new StringBuilder();
        Lines(card, 300, 34, "9FB3C8", $"{school} · {classroom}", 1);
        Lines(card, 390, 48, "D9E2EC", message, 3);
        return card.ToString();
    }

    /// <summary>mm:ss, rounded up, so that 0:00 is the bell.</summary>
    public static string Countdown(TimeSpan left)
    {
        int seconds = (int)Math.Ceiling(left.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}");
    }

    private static string Clock(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        DateTimeOffset then = TimeZoneInfo.ConvertTime(at, zone);
        return (then.Date - TimeZoneInfo.ConvertTime(now, zone).Date).Days switch
        {
            0 => Words.Get("CardToday"),
            1 => Words.Get("CardTomorrow"),
            _ => then.ToString("M/d", CultureInfo.InvariantCulture),
        };
    }

    private static void Link(StringBuilder card, bool linked) => Line(card, 680, 28, linked ? "7BC47F" : "E66A6A", Words.Get(linked ? "CardLinked" : "CardNotLinked"));

    private static void Line(StringBuilder card, int y, int size, string rgb, string text) => AssText.Append(card, 5, Middle, y, size, rgb, text);

    /// <summary>In as many lines as it needs, smaller when these are more than one.</summary>
    /// <returns>Where the next line would be.</returns>
    private static int Lines(StringBuilder card, int y, int size, string rgb, string text, int most)
    {
        const int width = 1180;
        int used = AssText.Wrap(text, width / size, 1) is [var one] && one == text ? size : most > 1 ? size * 4 / 5 : size;
        foreach (string line in AssText.Wrap(text, width / used, most))
        {
            Line(card, y, used, rgb, line);
            y += used * 5 / 4;
        }

        return y;
    }
}
