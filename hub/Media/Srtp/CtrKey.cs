namespace ThreeClassrooms.Media.Srtp;

/// <summary>An AES-128 key for counter mode, set once. One owner. <see cref="AesNiCtr"/> where the processor can, else <see cref="EvpCtr"/>.</summary>
internal abstract unsafe class CtrKey : IDisposable
{
    /// <param name="key">16 bytes; copied.</param>
    public static CtrKey Create(ReadOnlySpan<byte> key) => AesNi.IsSupported ? new AesNiCtr(key) : new EvpCtr(key);

    /// <summary>Adds the key stream; input and output may be the same place, but not overlap otherwise.</summary>
    /// <param name="iv">16 bytes: the first counter block; only its last 32 bits count.</param>
    /// <param name="length">In bytes; 0 and up.</param>
    public abstract void Xor(byte* iv, byte* input, byte* output, int length);

    public abstract void Dispose();
}
