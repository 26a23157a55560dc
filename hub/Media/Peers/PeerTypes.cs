namespace ThreeClassrooms.Media.Peers;

/// <summary>Where a peer connection is on its way; it only moves forward.</summary>
public enum PeerState
{
    /// <summary>Lite side: no check has come yet.</summary>
    New,
    Checking,
    Handshaking,
    Connected,
    Closed,
}

/// <summary>Why a peer is <see cref="PeerState.Closed"/>.</summary>
public enum PeerCloseReason
{
    None,

    /// <summary>It worked once, but no authenticated check has passed for 30 s.</summary>
    ConsentLost,

    /// <summary>No address of the other side ever answered within 30 s.</summary>
    IceFailed,

    /// <summary>The handshake broke or took longer than 30 s.</summary>
    DtlsFailed,

    /// <summary>The certificate is not the one announced in the SDP.</summary>
    BadFingerprint,

    /// <summary>The other side speaks none of our SRTP profiles.</summary>
    NoSrtpProfile,
    ClosedByPeer,
    ClosedByUs,
}

/// <summary>What a datagram was.</summary>
public enum DatagramKind
{
    /// <summary>STUN or DTLS, taken care of: drain <see cref="PeerEngine.TryTake"/>.</summary>
    Handled,
    Rtp,
    Rtcp,

    /// <summary>Refused and counted in <see cref="PeerEngine.Drops"/>.</summary>
    Dropped,
}
