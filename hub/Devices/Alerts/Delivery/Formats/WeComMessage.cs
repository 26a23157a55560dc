using System.Text;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>A letter as WeCom's robot takes it: type <c>markdown</c>, content of at most 4,096 bytes. Pure.</summary>
internal static class WeComMessage
{
    /// <summary>UTF-8 bytes of the content, inclusive.</summary>
    public const int Most = 4096;

    public static byte[] Body(Letter letter, NoticeWords words, string keyword)
    {
        Letter fitting = letter.Fitting(l => Encoding.UTF8.GetByteCount(ContentOf(l, words, keyword)), Most);
        return JsonBody.Write(json =>
        {
            json.WriteString("msgtype", "markdown");
            json.Object("markdown", () => json.WriteString("content", ContentOf(fitting, words, keyword)));
        });
    }

    private static string ContentOf(Letter letter, NoticeWords words, string keyword)
    {
        var text = new StringBuilder();
        text.Append("<font color=\"").Append(ColourOf(letter)).Append("\">【").Append(letter.Mark).Append("】</font>**").Append(Markup.Plain(letter.Title)).Append("**\n");
        text.Append("> ").Append(Markup.Plain(words.Sender)).Append(" · ").Append(letter.When).Append('\n');
        foreach (LetterLine line in letter.Lines)
        {
            text.Append('\n').Append(line.Over ? $"<font color=\"info\">{words.Resolved}</font> " : "");
            text.Append(line.Where.Length > 0 ? $"**{Markup.Plain(line.Where)}** " : "").Append(Markup.Plain(line.What));
            text.Append(" <font color=\"comment\">").Append(line.When).Append("</font>");
            text.Append(line.Link is null || letter.Lines.Count == 1 ? "" : $" [{words.Open}]({line.Link})");
            text.Append(line.Next.Length > 0 ? $"\n> {Markup.Plain(Words.Fill(words.Next, line.Next))}" : "").Append('\n');
        }

        text.Append(letter.More > 0 ? $"\n{Words.Fill(words.More, letter.More)}\n" : "");
        text.Append(letter.Link is null ? "" : $"\n[{words.Open}]({letter.Link})\n");
        string whole = text.ToString().TrimEnd('\n');
        return keyword.Length == 0 || whole.Contains(keyword, StringComparison.Ordinal) ? whole : $"{whole}\n{Markup.Plain(keyword)}";
    }

    /// <summary>WeCom knows three: info is green, comment grey, warning orange.</summary>
    private static string ColourOf(Letter letter) => letter.Kind switch
    {
        NoticeKind.Resolved or NoticeKind.Alive or NoticeKind.Test => "info",
        _ when letter.Severity >= AlertSeverity.Warning => "warning",
        _ => "comment",
    };
}
