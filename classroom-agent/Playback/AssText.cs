using System.Globalization;
using System.Text;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Text as ASS events for mpv's overlay, and its division into lines, which the overlay does not do by itself. Pure.</summary>
internal static class AssText
{
    /// <param name="anchor">As on a keypad: 7 the upper left corner, 5 the middle, 2 the middle of the lower edge.</param>
    /// <param name="rgb">Six hexadecimal digits.</param>
    /// <param name="boxed">On a dark ground, to be read over any picture.</param>
    public static void Append(StringBuilder events, int anchor, int x, int y, int size, string rgb, string text, bool boxed = false)
    {
        // ASS writes colours as blue, green, red; braces and backslashes are its commands.
        string bgr = rgb[4..] + rgb[2..4] + rgb[..2];
        string plain = text.Replace("\\", "＼", StringComparison.Ordinal).Replace("{", "（", StringComparison.Ordinal).Replace("}", "）", StringComparison.Ordinal)
            .Replace('\n', ' ').Replace('\r', ' ');
        string border = boxed ? "\\bord3\\3c&H101010&" : "\\bord0";
        events.Append(CultureInfo.InvariantCulture, $"{{\\an{anchor}\\pos({x},{y})\\fs{size}{border}\\shad0\\q2\\fnNoto Sans CJK SC\\1c&H{bgr}&}}{plain}\n");
    }

    /// <summary>Divides a text into lines, at a blank where one is near the end; what does not fit into the last line is cut with an ellipsis.</summary>
    /// <param name="width">Of a line, in Chinese characters; a Latin letter takes half of one.</param>
    public static IReadOnlyList<string> Wrap(string text, int width, int mostLines)
    {
        List<string> lines = [];
        string rest = text.ReplaceLineEndings(" ").Trim();
        while (rest.Length > 0 && lines.Count < mostLines)
        {
            int fits = Fitting(rest, width);
            if (fits >= rest.Length)
            {
                lines.Add(rest);
                return lines;
            }

            if (lines.Count == mostLines - 1)
            {
                lines.Add(rest[..Fitting(rest, width - 1)].TrimEnd() + "…");
                return lines;
            }

            int blank = rest.LastIndexOf(' ', fits, fits + 1);
            int cut = blank > fits / 2 ? blank : fits;
            lines.Add(rest[..cut].TrimEnd());
            rest = rest[cut..].TrimStart();
        }

        return lines;
    }

    /// <summary>How many chars fit; at least one whole character.</summary>
    private static int Fitting(string text, int width)
    {
        int halves = width * 2, at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            halves -= rune.Value >= 0x1100 ? 2 : 1;
            if (halves < 0 && at > 0)
            {
                return at;
            }

            at += rune.Utf16SequenceLength;
        }

        return at;
    }
}
