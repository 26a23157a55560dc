namespace ThreeClassrooms.Media.Sdp;

/// <summary>The layers a publisher offers to send (RFC 8853), each by its rid (RFC 8851).</summary>
internal static class Simulcast
{
    /// <summary>Layers of one track that are accepted; real publishers send three.</summary>
    public const int MaxLayers = 4;

    /// <summary>The rids of "a=simulcast:send …" that have an "a=rid:… send" line, in order; empty without simulcast.</summary>
    public static IReadOnlyList<string> ReadSent(MediaDescription media)
    {
        string[] parts = (media.Attribute("simulcast") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int at = Array.IndexOf(parts, "send");
        if (at < 0 || at + 1 >= parts.Length)
        {
            return [];
        }

        HashSet<string> declared = [.. media.Attributes("rid").Select(v => v.Split(' ', 3)).Where(v => v is [_, "send", ..]).Select(v => v[0])];

        // Alternatives are separated by commas, "~" marks a layer that starts paused: the first alternative is taken, paused or not.
        string[] rids = [.. parts[at + 1].Split(';').Select(v => v.Split(',')[0].TrimStart('~')).Where(r => declared.Contains(r) && IsRid(r)).Distinct()];
        return rids.Length > 1 ? rids[..Math.Min(rids.Length, MaxLayers)] : [];
    }

    private static bool IsRid(string text) => text.Length is > 0 and <= 16 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
