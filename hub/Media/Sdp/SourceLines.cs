using System.Globalization;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>The sources that a section's ssrc and ssrc-group lines name (RFC 5576).</summary>
internal readonly record struct SourceLines(Ssrc? Primary, Ssrc? Rtx, string? Cname)
{
    public static SourceLines Read(MediaDescription media)
    {
        uint? primary = null, rtx = null;
        string? cname = null;
        foreach (string value in media.Attributes("ssrc-group"))
        {
            string[] parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (primary is null && parts is ["FID", var one, var two] && TryNumber(one, out uint first) && TryNumber(two, out uint second))
            {
                (primary, rtx) = (first, second);
            }
        }

        foreach (string value in media.Attributes("ssrc"))
        {
            string[] parts = value.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 2 && TryNumber(parts[0], out uint source))
            {
                primary ??= source;
                if (source == primary && parts[1].StartsWith("cname:", StringComparison.Ordinal))
                {
                    cname ??= parts[1]["cname:".Length..];
                }
            }
        }

        return new SourceLines(primary is { } p ? new Ssrc(p) : null, rtx is { } r ? new Ssrc(r) : null, cname);
    }

    private static bool TryNumber(string text, out uint value) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
