namespace ThreeClassrooms.Media.Srtp;

/// <summary>
/// An AES-128 key for Galois/counter mode with 96-bit nonces (NIST SP 800-38D), set once. One owner.
/// <see cref="AesNiGcm"/> where the processor can, else <see cref="EvpGcm"/>.
/// </summary>
internal abstract unsafe class GcmKey : IDisposable
{
    public const int IvLength = 12;
    public const int TagLength = 16;

    /// <param name="key">16 bytes; copied.</param>
    /// <param name="encrypt">Which of the two methods will be used.</param>
    public static GcmKey Create(ReadOnlySpan<byte> key, bool encrypt) => AesNi.IsSupported ? new AesNiGcm(key) : new EvpGcm(key, encrypt);

    /// <summary>Encrypts; the 16-byte tag goes to <paramref name="tag"/>. Input and output may be the same place, but not overlap otherwise.</summary>
    public abstract void Seal(byte* iv, ReadOnlySpan<byte> aad, byte* input, byte* output, int length, byte* tag);

    /// <summary>Decrypts. False when the tag does not match (compared in constant time); the output is then worthless.</summary>
    public abstract bool Open(byte* iv, ReadOnlySpan<byte> aad, byte* input, byte* output, int length, byte* tag);

    public abstract void Dispose();
}
