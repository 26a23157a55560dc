using System.Text;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>What a text must be for every database to take it: no zero character (PostgreSQL error 22021) and no half of a surrogate pair. Pure.</summary>
internal static class StorableText
{
    private const char Replacement = '\uFFFD';

    /// <returns>The same text, or one with each character that cannot be stored replaced by U+FFFD; the length stays.</returns>
    public static string Of(string text) => Clean(text, static c => c == '\0');

    /// <summary>For texts of machines, which end up in log lines and lists: controls and the marks that turn the direction of writing go too, except tab and the ends of lines.</summary>
    public static string OfMachine(string text) => Clean(text, static c => (char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    private static string Clean(string text, Func<char, bool> isBad)
    {
        StringBuilder? cleaned = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || isBad(text[i]))
            {
                (cleaned ??= new StringBuilder(text))[i] = Replacement;
            }
        }

        return cleaned?.ToString() ?? text;
    }
}
