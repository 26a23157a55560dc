namespace ThreeClassrooms.Media.Sdp;

/// <summary>Why an offer or an answer that could be read cannot be used.</summary>
public enum SdpRefusal
{
    /// <summary>It can be used.</summary>
    None,

    /// <summary>There is no audio or video m-line, or all are rejected or of a protocol other than DTLS-SRTP.</summary>
    NoMedia,

    /// <summary>Audio and video are not in one BUNDLE group (RFC 9143): they would need two transports.</summary>
    NoBundle,

    /// <summary>"rtcp-mux" is missing (RFC 5761): RTCP would need a second port.</summary>
    NoRtcpMux,

    /// <summary>No "fingerprint" at the section or session level: the peer could not be authenticated.</summary>
    NoFingerprint,

    /// <summary>There is none of the right length under sha-256, sha-384 or sha-512.</summary>
    BadFingerprint,

    /// <summary>"ice-ufrag" or "ice-pwd" is missing.</summary>
    NoIceCredentials,

    /// <summary>"ice-ufrag" (4–256) or "ice-pwd" (22–256) has a wrong length or characters outside the ICE alphabet (RFC 8839 §5.4).</summary>
    BadIceCredentials,

    /// <summary>The offer says "ice-lite", as the hub is itself: nobody would begin to check the way (RFC 8445 §2.5).</summary>
    IceLite,

    /// <summary>"setup" is missing from an answer, is "holdconn", or leaves no role for this side (RFC 5763 §5).</summary>
    BadSetup,

    /// <summary>An m-line of the stream has no codec in common with the other side.</summary>
    CodecMismatch,

    /// <summary>A publisher's offer sends nothing: every m-line is "recvonly" or "inactive".</summary>
    NotSendOnly,

    /// <summary>A watcher's offer receives nothing: every m-line is "sendonly" or "inactive".</summary>
    NotRecvOnly,

    /// <summary>The answer does not match the offer: another number of m-lines, or all of them rejected.</summary>
    NotOurOffer,
}
