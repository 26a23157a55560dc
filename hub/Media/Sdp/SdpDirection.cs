namespace ThreeClassrooms.Media.Sdp;

/// <summary>Who sends on an m-line, seen from the side that wrote it (RFC 8866 §6.7).</summary>
public enum SdpDirection
{
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}
