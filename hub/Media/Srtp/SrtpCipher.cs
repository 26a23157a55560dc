namespace ThreeClassrooms.Media.Srtp;

/// <summary>
/// The transform of one direction under one profile: no sequence state, only keys. Lengths are checked by the callers
/// (<see cref="SrtpSender"/>, <see cref="SrtpReceiver"/>). One owner.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>Bytes that a protected RTP packet is longer than the plain one.</summary>
    public abstract int RtpOverhead { get; }

    /// <summary>Bytes that a protected RTCP packet is longer than the plain one: tag and the 4-byte index.</summary>
    public abstract int RtcpOverhead { get; }

    /// <param name="keys">Copied; the caller clears them.</param>
    public static SrtpCipher Create(in SrtpKeys keys, bool encrypt) => keys.Profile switch
    {
        SrtpProfile.AeadAes128Gcm => new GcmCipher(keys, encrypt),
        SrtpProfile.Aes128CmSha1 => new CmCipher(keys),
        SrtpProfile.None => throw new ArgumentException("No profile", nameof(keys)),
    };

    /// <summary>Writes header, encrypted payload and tag; returns the length written.</summary>
    /// <param name="index">48-bit packet index: rollover counter and sequence number (RFC 3711 §3.3.1).</param>
    public abstract int ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> output, uint ssrc, ulong index);

    /// <summary>Authenticates and decrypts in place; false when the packet is not authentic.</summary>
    public abstract bool UnprotectRtp(Span<byte> wire, int headerLength, uint ssrc, ulong index);

    /// <param name="index">31-bit SRTCP index.</param>
    public abstract int ProtectRtcp(ReadOnlySpan<byte> plain, Span<byte> output, uint ssrc, uint index);

    /// <summary>The SRTCP index and encryption flag as written in the packet, before they are authenticated.</summary>
    public abstract uint ReadRtcpIndex(ReadOnlySpan<byte> wire, out bool encrypted);

    public abstract bool UnprotectRtcp(Span<byte> wire, uint ssrc, uint index, bool encrypted);

    public abstract void Dispose();
}
