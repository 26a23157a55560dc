namespace ThreeClassrooms.Media.Srtp;

/// <summary>The SRTP protection profiles this library speaks; the value is the one on the wire (RFC 5764 §4.1.2, RFC 7714 §14.2).</summary>
public enum SrtpProfile
{
    None = 0,
    Aes128CmSha1 = 1,
    AeadAes128Gcm = 7,
}
