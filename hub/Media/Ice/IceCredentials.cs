using System.Text;

namespace ThreeClassrooms.Media.Ice;

/// <summary>User name fragments and passwords of both sides (RFC 8445 §5.3); passwords as the bytes that key the MAC.</summary>
internal sealed class IceCredentials(string localUfrag, string localPwd, string remoteUfrag, string remotePwd)
{
    public string LocalUfrag { get; } = localUfrag;

    public string RemoteUfrag { get; } = remoteUfrag;

    public byte[] LocalPwd { get; } = Encoding.UTF8.GetBytes(localPwd);

    public byte[] RemotePwd { get; } = Encoding.UTF8.GetBytes(remotePwd);

    /// <summary>USERNAME of the checks that come to us: our fragment, a colon, the sender's.</summary>
    public byte[] Incoming { get; } = Encoding.UTF8.GetBytes($"{localUfrag}:{remoteUfrag}");
}
