namespace ThreeClassrooms.Media.Rtp;

/// <summary>Why bytes are not an RTP packet.</summary>
public enum RtpError
{
    /// <summary>The packet was read.</summary>
    None,

    /// <summary>Fewer than the 12 bytes of the fixed header.</summary>
    TooShort,

    /// <summary>The version field is not 2.</summary>
    BadVersion,

    /// <summary>The contributing sources reach past the end.</summary>
    BadSources,

    /// <summary>The header extension reaches past the end.</summary>
    BadExtension,

    /// <summary>The padding count is 0 or larger than what follows the header.</summary>
    BadPadding,
}
