namespace ThreeClassrooms.Media.Sdp;

/// <summary>Why a text is not a session description.</summary>
public enum SdpError
{
    /// <summary>The text was read.</summary>
    None,

    /// <summary>Longer than <see cref="SessionDescription.MaxLength"/> characters.</summary>
    TooLong,

    /// <summary>The first line is not "v=0".</summary>
    NoVersion,

    /// <summary>A line is not "x=value" with a lower-case letter.</summary>
    BadLine,

    /// <summary>An m-line lacks its kind, port, protocol or formats, or the port is not a number below 65536.</summary>
    BadMedia,

    /// <summary>More than <see cref="SessionDescription.MaxMedia"/> m-lines.</summary>
    TooManyMedia,
}
