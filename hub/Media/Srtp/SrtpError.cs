namespace ThreeClassrooms.Media.Srtp;

/// <summary>Why a protected packet was refused.</summary>
internal enum SrtpError
{
    None,
    Malformed,
    Replayed,
    NotAuthentic,
    TooManySources,
}
