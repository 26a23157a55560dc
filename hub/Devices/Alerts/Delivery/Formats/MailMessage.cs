using System.Net;
using System.Text;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>A letter as e-mail: the same said twice, as plain text and as simple HTML. Pure.</summary>
internal sealed record MailMessage(string Subject, string Plain, string Html)
{
    public static MailMessage Of(Letter letter, NoticeWords words, string keyword)
    {
        string end = keyword.Length > 0 ? $"{words.Sender} · {letter.When} · {keyword}" : $"{words.Sender} · {letter.When}";
        return new MailMessage($"【{letter.Mark}】{letter.Title}", PlainOf(letter, words, end), HtmlOf(letter, words, end));
    }

    private static string PlainOf(Letter letter, NoticeWords words, string end)
    {
        var text = new StringBuilder().Append('【').Append(letter.Mark).Append('】').Append(letter.Title).Append("\r\n");
        foreach (LetterLine line in letter.Lines)
        {
            text.Append("\r\n- ").Append(HeadOf(line, words)).Append(line.What).Append(" (").Append(line.When).Append(")\r\n");
            text.Append(line.Next.Length > 0 ? $"  {Words.Fill(words.Next, line.Next)}\r\n" : "");
            text.Append(line.Link is null ? "" : $"  {line.Link}\r\n");
        }

        text.Append(letter.More > 0 ? $"\r\n{Words.Fill(words.More, letter.More)}\r\n" : "");
        text.Append(letter.Link is null ? "" : $"\r\n{words.Open}: {letter.Link}\r\n");
        return text.Append("\r\n-- \r\n").Append(end).Append("\r\n").ToString();
    }

    private static string HtmlOf(Letter letter, NoticeWords words, string end)
    {
        var html = new StringBuilder("<!DOCTYPE html>\r\n<html><body style=\"font-family:sans-serif;line-height:1.6\">\r\n");
        html.Append("<h2 style=\"color:").Append(ColourOf(letter)).Append("\">【").Append(Escaped(letter.Mark)).Append('】').Append(Escaped(letter.Title)).Append("</h2>\r\n<ul>\r\n");
        foreach (LetterLine line in letter.Lines)
        {
            html.Append("<li>").Append(HeadOf(line, words) is { Length: > 0 } head ? $"<b>{Escaped(head.TrimEnd())}</b> " : "").Append(Escaped(line.What));
            html.Append(" <span style=\"color:#666\">").Append(Escaped(line.When)).Append("</span>");
            html.Append(line.Link is null ? "" : $" <a href=\"{Escaped(line.Link)}\">{Escaped(words.Open)}</a>");
            html.Append(line.Next.Length > 0 ? $"<br>{Escaped(Words.Fill(words.Next, line.Next))}" : "").Append("</li>\r\n");
        }

        html.Append("</ul>\r\n").Append(letter.More > 0 ? $"<p>{Escaped(Words.Fill(words.More, letter.More))}</p>\r\n" : "");
        html.Append(letter.Link is null ? "" : $"<p><a href=\"{Escaped(letter.Link)}\">{Escaped(words.Open)}</a></p>\r\n");
        return html.Append("<p style=\"color:#666\">").Append(Escaped(end)).Append("</p>\r\n</body></html>\r\n").ToString();
    }

    private static string HeadOf(LetterLine line, NoticeWords words) => (line.Over ? $"{words.Resolved} · " : "") + (line.Where.Length > 0 ? $"{line.Where} " : "");

    private static string ColourOf(Letter letter) => letter.Kind switch
    {
        NoticeKind.Resolved or NoticeKind.Alive or NoticeKind.Test => "#0f7a3d",
        _ => letter.Severity switch { AlertSeverity.Critical => "#b42318", AlertSeverity.Warning => "#8a5200", AlertSeverity.Information => "#1d5fa8" },
    };

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
