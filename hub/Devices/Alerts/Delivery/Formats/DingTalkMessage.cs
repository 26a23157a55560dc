using System.Text;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>A letter as DingTalk's robot takes it: type <c>markdown</c>, at most 20,000 bytes. Pure.</summary>
internal static class DingTalkMessage
{
    private const int Most = 18_000;

    /// <param name="keyword">Stands in the text, whatever it says; empty: none asked for.</param>
    public static byte[] Body(Letter letter, NoticeWords words, string keyword)
    {
        Letter fitting = letter.Fitting(l => Encoding.UTF8.GetByteCount(TextOf(l, words, keyword)), Most);
        return JsonBody.Write(json =>
        {
            json.WriteString("msgtype", "markdown");
            json.Object("markdown", () =>
            {
                json.WriteString("title", $"【{fitting.Mark}】{fitting.Title}");
                json.WriteString("text", TextOf(fitting, words, keyword));
            });
            json.Object("at", () => json.WriteBoolean("isAtAll", false));
        });
    }

    private static string TextOf(Letter letter, NoticeWords words, string keyword)
    {
        var text = new StringBuilder();
        text.Append("### 【").Append(letter.Mark).Append('】').Append(Markup.Plain(letter.Title)).Append("\n\n");
        text.Append("> ").Append(Markup.Plain(words.Sender)).Append(" · ").Append(letter.When).Append("\n\n");
        foreach (LetterLine line in letter.Lines)
        {
            text.Append("- ").Append(line.Over ? $"{words.Resolved} · " : "");
            text.Append(line.Where.Length > 0 ? $"**{Markup.Plain(line.Where)}** " : "").Append(Markup.Plain(line.What));
            text.Append(" (").Append(line.When).Append(')').Append(line.Link is null || letter.Lines.Count == 1 ? "" : $" [{words.Open}]({line.Link})");
            text.Append(line.Next.Length > 0 ? "  \n  " + Markup.Plain(Words.Fill(words.Next, line.Next)) : "").Append('\n');
        }

        text.Append(letter.Lines.Count > 0 ? "\n" : "");
        text.Append(letter.More > 0 ? Words.Fill(words.More, letter.More) + "\n\n" : "");
        text.Append(letter.Link is null ? "" : $"[{words.Open}]({letter.Link})\n");
        string whole = text.ToString().TrimEnd('\n');
        return keyword.Length == 0 || whole.Contains(keyword, StringComparison.Ordinal) ? whole : $"{whole}\n\n{Markup.Plain(keyword)}";
    }
}
