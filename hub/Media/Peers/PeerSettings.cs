using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Srtp;

namespace ThreeClassrooms.Media.Peers;

/// <summary>What one peer connection needs to know at its start: the result of the SDP exchange.</summary>
public sealed record PeerSettings
{
    /// <summary>True: the hub. False: full agent, controlling.</summary>
    public required bool IceLite { get; init; }

    /// <summary>True when our side is a=setup:active.</summary>
    public required bool DtlsClient { get; init; }

    public required string LocalUfrag { get; init; }

    public required string LocalPwd { get; init; }

    public required string RemoteUfrag { get; init; }

    public required string RemotePwd { get; init; }

    /// <summary>As in SDP: "sha-256 AB:CD:…"; also sha-384 and sha-512.</summary>
    public required string RemoteFingerprint { get; init; }

    /// <summary>Full side only: UDP first; TCP candidates once the driver has connected them.</summary>
    public IReadOnlyList<TransportAddress> RemoteCandidates { get; init; } = [];

    /// <summary>Transaction ids, tie-breaker and jitter follow from it; unpredictable in production.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// Lite side: authentic media counts as consent, as checks do. For who publishes: he shows with every packet that he wants this connection, and all that goes to him
    /// is feedback (RFC 7675 guards against floods to who never asked).
    /// </summary>
    public bool MediaIsConsent { get; init; }

    /// <summary>SRTP profiles offered or accepted, best first.</summary>
    public IReadOnlyList<SrtpProfile> SrtpProfiles { get; init; } = [SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmSha1];

    /// <summary>What offer and answer agreed on, seen from one side. Candidates are left out.</summary>
    /// <param name="seed">See <see cref="Seed"/>.</param>
    public static PeerSettings From(LocalTransport local, RemoteTransport remote, bool iceLite, ulong seed) => new()
    {
        IceLite = iceLite,
        DtlsClient = remote.DtlsClient,
        LocalUfrag = local.Ufrag,
        LocalPwd = local.Pwd,
        RemoteUfrag = remote.Ufrag,
        RemotePwd = remote.Pwd,
        RemoteFingerprint = remote.Fingerprint,
        Seed = seed,
    };
}
