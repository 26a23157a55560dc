namespace ThreeClassrooms.Media.Ice;

/// <summary>What became of a STUN message.</summary>
internal enum IceVerdict
{
    Accepted,
    BadIntegrity,
    UnknownUser,

    /// <summary>A response to nothing that was asked, an indication, another method, or a request copied from another address.</summary>
    Unexpected,
}

/// <summary>Why an agent gave up.</summary>
internal enum IceFailure
{
    None,

    /// <summary>No pair ever worked.</summary>
    NoConnectivity,

    /// <summary>The peer stopped consenting (RFC 7675).</summary>
    ConsentLost,
}
