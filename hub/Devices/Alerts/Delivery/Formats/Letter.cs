using System.Globalization;
using System.Text;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>One alert as a reader sees it; plain text, nothing in it is markup.</summary>
/// <param name="Where">School and room; empty when <paramref name="What"/> says it.</param>
/// <param name="When">Since when, or from when to when; local to the county.</param>
/// <param name="Link">Absolute; null: the hub's public address is not known.</param>
internal sealed record LetterLine(bool Over, AlertSeverity Severity, string Where, string What, string Next, string When, string? Link);

/// <summary>A notice as a reader sees it, before a channel's markup. Pure.</summary>
/// <param name="Mark">The word before the title, such as 紧急.</param>
/// <param name="More">How many are not among the lines.</param>
/// <param name="Link">Where to see to it; null: the hub's public address is not known.</param>
internal sealed record Letter(NoticeKind Kind, AlertSeverity Severity, string Mark, string Title, string When, IReadOnlyList<LetterLine> Lines, int More, string? Link)
{
    private const int LongestTitle = 100;
    private const int LongestText = 240;

    /// <summary>The page with all alerts.</summary>
    public const string Desk = "/alerts";

    /// <param name="hub">The hub's public address; null: not known.</param>
    public static Letter Of(AlertNotice notice, NoticeWords words, TimeZoneInfo zone, Uri? hub)
    {
        string? link = LinkTo(hub, notice.Alerts is [{ PagePath.Length: > 0 } only] ? only.PagePath : Desk);
        return new Letter(
            notice.Kind, notice.Severity, words.MarkOf(notice.Kind, notice.Severity), Clean(notice.Title, LongestTitle), TimeOf(notice.At, notice.At, zone),
            [.. notice.Alerts.Select(a => LineOf(a, notice, words, zone, hub))], notice.Truncated, link);
    }

    /// <summary>The same with the first lines only; the others are counted.</summary>
    public Letter Shortened(int lines) => lines >= Lines.Count ? this : this with { Lines = [.. Lines.Take(lines)], More = More + Lines.Count - lines };

    /// <summary>The longest form that fits.</summary>
    /// <param name="size">Bytes of a form with so many lines.</param>
    public Letter Fitting(Func<Letter, int> size, int most)
    {
        for (int lines = Lines.Count; lines > 0; lines--)
        {
            Letter shorter = Shortened(lines);
            if (size(shorter) <= most)
            {
                return shorter;
            }
        }

        return Shortened(0);
    }

    private static LetterLine LineOf(NoticeAlert alert, AlertNotice notice, NoticeWords words, TimeZoneInfo zone, Uri? hub)
    {
        string what = Clean(alert.Summary, LongestText);
        string where = string.Join(' ', new[] { AlertLabels.School, AlertLabels.Room }
            .Select(l => Clean(alert.Labels.GetValueOrDefault(l) ?? "", LongestTitle))
            .Where(l => l.Length > 0 && !what.Contains(l, StringComparison.Ordinal)));
        string since = TimeOf(alert.StartsAt, notice.At, zone);
        string when = alert.IsResolved && alert.EndsAt is { } end
            ? string.Format(CultureInfo.InvariantCulture, words.Over, since, TimeOf(end, alert.StartsAt, zone))
            : string.Format(CultureInfo.InvariantCulture, words.Since, since);
        return new LetterLine(
            alert.IsResolved, alert.Severity, where, what, alert.IsResolved ? "" : Clean(alert.NextStep, LongestText), when,
            alert.PagePath.Length > 0 ? LinkTo(hub, alert.PagePath) : null);
    }

    /// <summary>The time alone on the same local day as <paramref name="beside"/>, else with the day.</summary>
    private static string TimeOf(DateTimeOffset instant, DateTimeOffset beside, TimeZoneInfo zone)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(instant, zone);
        string form = instant != beside && local.Date == TimeZoneInfo.ConvertTime(beside, zone).Date ? "HH:mm" : "MM-dd HH:mm";
        return local.ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>A page of the hub; a path can never lead to another host.</summary>
    public static string? LinkTo(Uri? hub, string path) => hub is null ? null : new Uri($"{hub.GetLeftPart(UriPartial.Authority)}/{path.TrimStart('/')}").AbsoluteUri;

    /// <summary>One line, without control characters and half surrogates, not longer than <paramref name="most"/>.</summary>
    private static string Clean(string text, int most)
    {
        var clean = new StringBuilder(Math.Min(text.Length, most + 1));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= most)
            {
                clean.Append('…');
                break;
            }

            clean.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? " " : rune.ToString());
        }

        return clean.ToString().Trim();
    }
}
