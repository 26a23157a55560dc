using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>A session description (RFC 8866) as its lines in order, split at the m-lines. Immutable; unknown lines are kept.</summary>
public sealed class SessionDescription
{
    /// <summary>Characters of a text that is still read; real offers stay under 16 Ki.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Media sections of a text that is still read.</summary>
    public const int MaxMedia = 64;

    public SessionDescription(IReadOnlyList<SdpLine> lines, IReadOnlyList<MediaDescription> media) => (Lines, Media) = (lines, media);

    /// <summary>The session-level lines, beginning with v=.</summary>
    public IReadOnlyList<SdpLine> Lines { get; }

    public IReadOnlyList<MediaDescription> Media { get; }

    public bool IsIceLite => Attribute("ice-lite") is not null;

    /// <summary>The mids of each BUNDLE group (RFC 9143), in order.</summary>
    public IEnumerable<string[]> BundleGroups => Attributes("group")
        .Select(v => v.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(v => v.Length > 0 && v[0] == "BUNDLE")
        .Select(v => v[1..]);

    /// <summary>Reads CRLF or LF separated lines; empty lines are skipped. Never throws.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="description">Null when the result is false.</param>
    /// <param name="error"><see cref="SdpError.None"/> when the result is true.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SessionDescription? description, out SdpError error)
    {
        description = null;
        if (text.Length > MaxLength)
        {
            error = SdpError.TooLong;
            return false;
        }

        var session = new List<SdpLine>();
        var media = new List<MediaDescription>();
        List<SdpLine> current = session;
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart('\uFEFF'); // some editors and libraries put a byte order mark in front
        while (rest.Length > 0)
        {
            // CR and LF alone end lines (RFC 8866 §5): a session name may hold what Unicode calls a line separator.
            int end = rest.IndexOfAny('\r', '\n');
            ReadOnlySpan<char> line = (end < 0 ? rest : rest[..end]).TrimEnd();
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Length == 0)
            {
                continue;
            }

            error = ReadLine(line, session.Count == 0, media.Count, out MediaDescription? begun);
            if (error != SdpError.None)
            {
                return false;
            }

            if (begun is not null)
            {
                media.Add(begun);
                current = begun.MutableLines;
            }
            else
            {
                current.Add(new SdpLine(line[0], line[2..].ToString()));
            }
        }

        error = session.Count == 0 ? SdpError.NoVersion : SdpError.None;
        description = error == SdpError.None ? new SessionDescription(session, media) : null;
        return description is not null;
    }

    /// <summary>The text with CRLF line ends.</summary>
    public string Write()
    {
        var text = new StringBuilder(4096);
        AppendLines(text, Lines);
        foreach (MediaDescription section in Media)
        {
            text.Append("m=").Append(section.FirstLine).Append("\r\n");
            AppendLines(text, section.Lines);
        }

        return text.ToString();
    }

    /// <summary>The first session-level attribute of this name; "" for a flag; null when there is none.</summary>
    public string? Attribute(string name) => Attributes(name).FirstOrDefault();

    /// <summary>All session-level attributes of this name, in order.</summary>
    public IEnumerable<string> Attributes(string name) => Lines.Select(l => l.Attribute(name)).OfType<string>();

    private static SdpError ReadLine(ReadOnlySpan<char> line, bool first, int mediaCount, out MediaDescription? media)
    {
        media = null;
        if (first)
        {
            return line is "v=0" ? SdpError.None : SdpError.NoVersion;
        }

        if (line.Length < 2 || line[1] != '=' || line[0] is < 'a' or > 'z')
        {
            return SdpError.BadLine;
        }

        if (line[0] != 'm')
        {
            return SdpError.None;
        }

        if (mediaCount >= MaxMedia)
        {
            return SdpError.TooManyMedia;
        }

        return MediaDescription.TryRead(line[2..].ToString(), out media) ? SdpError.None : SdpError.BadMedia;
    }

    private static void AppendLines(StringBuilder text, IReadOnlyList<SdpLine> lines)
    {
        foreach (SdpLine line in lines)
        {
            text.Append(line.Type).Append('=').Append(line.Value).Append("\r\n");
        }
    }
}
