namespace ThreeClassrooms.Media.Sdp;

/// <summary>One "x=value" line (RFC 8866 §5) without its line end.</summary>
public readonly record struct SdpLine(char Type, string Value)
{
    /// <summary>The value of an attribute line "a=name:value" with this name; "" for the flag "a=name"; null for any other line.</summary>
    public string? Attribute(string name)
    {
        if (Type != 'a' || !Value.StartsWith(name, StringComparison.Ordinal))
        {
            return null;
        }

        return Value.Length == name.Length ? "" : Value[name.Length] == ':' ? Value[(name.Length + 1)..].Trim() : null;
    }
}
