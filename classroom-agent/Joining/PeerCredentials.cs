using System.Buffers.Binary;
using System.Security.Cryptography;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>The random names of one peer connection, from the system's generator.</summary>
internal sealed record PeerCredentials(string Ufrag, string Pwd, string Cname)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static PeerCredentials Create() => new(
        RandomNumberGenerator.GetString(Letters, 8), RandomNumberGenerator.GetString(Letters, 24), RandomNumberGenerator.GetString(Letters, 16));

    public static uint RandomUInt32() => BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(4));

    /// <summary>A source identifier that is not 0.</summary>
    public static Ssrc RandomSsrc() => new(RandomUInt32() | 1);

    public LocalTransport Local(DtlsIdentity identity) => new(Ufrag, Pwd, identity.Fingerprint, []);

    public PeerSettings Settings(DtlsIdentity identity, RemoteTransport remote) =>
        PeerSettings.From(Local(identity), remote, iceLite: false, BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8)));
}
