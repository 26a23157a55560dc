namespace ThreeClassrooms.Media.Sdp;

/// <summary>The parameters of an "a=fmtp" line: "name=value" pairs and bare words separated by semicolons (RFC 8866 §6.15).</summary>
internal readonly struct FormatParameters(string text)
{
    private readonly string _text = text;

    /// <summary>The value of a parameter, names compared without case; "" for a bare word; null when absent.</summary>
    public string? Find(string name)
    {
        foreach (string raw in (_text ?? "").Split(';'))
        {
            string part = raw.Trim();
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? part : part[..equals].TrimEnd();
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return equals < 0 ? "" : part[(equals + 1)..].Trim();
            }
        }

        return null;
    }

    public bool IsOne(string name) => Find(name) == "1";
}
