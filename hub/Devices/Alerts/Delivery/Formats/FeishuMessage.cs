using System.Globalization;
using System.Text.Json;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>A letter as Feishu's robot takes it: an interactive card, the whole body at most 20 KB. Pure.</summary>
internal static class FeishuMessage
{
    private const int Most = 19_000;

    /// <param name="secret">Null: the robot asks for no signature.</param>
    public static byte[] Body(Letter letter, NoticeWords words, string keyword, string? secret, DateTimeOffset now)
    {
        Letter fitting = letter.Fitting(l => Write(l, words, keyword, secret, now).Length, Most);
        return Write(fitting, words, keyword, secret, now);
    }

    private static byte[] Write(Letter letter, NoticeWords words, string keyword, string? secret, DateTimeOffset now) => JsonBody.Write(json =>
    {
        if (secret is not null)
        {
            long seconds = now.ToUnixTimeSeconds();
            json.WriteString("timestamp", seconds.ToString(CultureInfo.InvariantCulture));
            json.WriteString("sign", RobotSignature.Feishu(secret, seconds));
        }

        json.WriteString("msg_type", "interactive");
        json.Object("card", () =>
        {
            json.Object("config", () => json.WriteBoolean("wide_screen_mode", true));
            json.Object("header", () =>
            {
                json.WriteString("template", ColourOf(letter));
                json.Object("title", () => Text(json, "plain_text", $"【{letter.Mark}】{letter.Title}"));
            });
            json.WriteStartArray("elements");
            foreach (LetterLine line in letter.Lines)
            {
                Element(json, "div", () => json.Object("text", () => Text(json, "lark_md", LineOf(line, letter, words))));
            }

            if (letter.More > 0)
            {
                Element(json, "div", () => json.Object("text", () => Text(json, "plain_text", Words.Fill(words.More, letter.More))));
            }

            if (letter.Link is { } link)
            {
                Element(json, "action", () =>
                {
                    json.WriteStartArray("actions");
                    Element(json, "button", () =>
                    {
                        json.Object("text", () => Text(json, "plain_text", words.Open));
                        json.WriteString("url", link);
                        json.WriteString("type", "default");
                    });
                    json.WriteEndArray();
                });
            }

            Element(json, "note", () =>
            {
                json.WriteStartArray("elements");
                json.WriteStartObject();
                Text(json, "plain_text", $"{words.Sender} · {letter.When}{(keyword.Length > 0 ? " · " + keyword : "")}");
                json.WriteEndObject();
                json.WriteEndArray();
            });
            json.WriteEndArray();
        });
    });

    private static string LineOf(LetterLine line, Letter letter, NoticeWords words) => string.Concat(
        line.Over ? $"{words.Resolved} · " : "",
        line.Where.Length > 0 ? $"**{Markup.Plain(line.Where)}** " : "",
        Markup.Plain(line.What), " (", line.When, ")",
        line.Link is null || letter.Lines.Count == 1 ? "" : $" [{words.Open}]({line.Link})",
        line.Next.Length > 0 ? "\n" + Markup.Plain(Words.Fill(words.Next, line.Next)) : "");

    private static string ColourOf(Letter letter) => letter.Kind switch
    {
        NoticeKind.Resolved or NoticeKind.Alive => "green",
        NoticeKind.Test => "turquoise",
        _ => letter.Severity switch { AlertSeverity.Critical => "red", AlertSeverity.Warning => "orange", AlertSeverity.Information => "blue" },
    };

    private static void Text(Utf8JsonWriter json, string tag, string content)
    {
        json.WriteString("tag", tag);
        json.WriteString("content", content);
    }

    private static void Element(Utf8JsonWriter json, string tag, Action write)
    {
        json.WriteStartObject();
        json.WriteString("tag", tag);
        write();
        json.WriteEndObject();
    }
}
