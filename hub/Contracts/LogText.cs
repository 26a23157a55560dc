using System.Text;

namespace ThreeClassrooms.Contracts;

/// <summary>Text on its way into a log: one record is one line, whatever stands in its values, and what follows it (a stack trace) cannot be taken for another. Pure.</summary>
public static class LogText
{
    /// <summary>Begins every further line of a record.</summary>
    public const string Continued = "  | ";

    /// <returns>The text with the ends of lines and all other controls as <c>\n</c>, <c>\r</c>, <c>\u001B</c>; tabs stay.</returns>
    public static string OneLine(string text)
    {
        if (!text.Any(IsBad))
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                _ when IsBad(c) => line.Append("\\u").Append(((int)c).ToString("X4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => line.Append(c),
            };
        }

        return line.ToString();
    }

    /// <summary>A stack trace or another text of several lines, each begun with <see cref="Continued"/> and ended with a newline.</summary>
    public static string Block(string text)
    {
        var block = new StringBuilder(text.Length + 64);
        foreach (string line in text.Split('\n'))
        {
            block.Append(Continued).Append(OneLine(line.TrimEnd('\r'))).Append('\n');
        }

        return block.ToString();
    }

    private static bool IsBad(char c) => (char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
