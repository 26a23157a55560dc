namespace ThreeClassrooms.Media.Sdp;

/// <summary>What this side says of its own transport in an offer or an answer.</summary>
/// <param name="Fingerprint">"sha-256 AB:CD:…".</param>
/// <param name="Candidates">UDP first. Empty for a client that only starts checks.</param>
public sealed record LocalTransport(string Ufrag, string Pwd, string Fingerprint, IReadOnlyList<IceCandidate> Candidates);

/// <summary>The sources of an outgoing stream. A track that is not sent leaves its source unused.</summary>
/// <param name="Cname">One name for all sources of a connection: receivers keep lip sync within it.</param>
/// <param name="StreamId">The msid of both tracks.</param>
public sealed record LocalSources(Rtp.Ssrc Audio, Rtp.Ssrc Video, Rtp.Ssrc VideoRtx, string Cname, string StreamId);
