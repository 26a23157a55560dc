using System.Text;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>What the three robots' dialects of Markdown have in common: that a school's name must not become markup. Pure.</summary>
internal static class Markup
{
    /// <summary>Full-width forms begin here: a sign that looks the same and means nothing.</summary>
    private const int FullWidth = 0xFEE0;

    /// <summary>Signs that make links, mentions, emphasis or tags become their full-width forms.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool marks = text[i] is '[' or ']' or '<' or '>' or '*' or '`' or '|' or '~' or '\\' || (i == 0 && text[i] is '#' or '-');
            plain.Append(marks ? (char)(text[i] + FullWidth) : text[i]);
        }

        return plain.ToString();
    }
}
