namespace ThreeClassrooms.Media.Dtls;

internal enum DtlsState
{
    Handshaking,
    Connected,

    /// <summary>The handshake came to a bad end.</summary>
    Failed,

    /// <summary>A close_notify or a fatal alert came after the handshake.</summary>
    ClosedByPeer,
}
