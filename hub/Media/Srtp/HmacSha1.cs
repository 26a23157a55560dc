namespace ThreeClassrooms.Media.Srtp;

/// <summary>
/// HMAC-SHA1 (RFC 2104) with the state after the inner and outer key block kept, so that a message costs only its own blocks.
/// One owner; holds no native memory.
/// </summary>
internal sealed unsafe class HmacSha1
{
    public const int DigestLength = 20;
    private readonly LibCrypto.Sha1State _inner;
    private readonly LibCrypto.Sha1State _outer;

    /// <param name="key">64 bytes or fewer; copied.</param>
    public HmacSha1(ReadOnlySpan<byte> key)
    {
        var block = stackalloc byte[64];
        Pad(key, block, 0x36);
        _inner = Absorb(block);
        Pad(key, block, 0x5C);
        _outer = Absorb(block);
        new Span<byte>(block, 64).Clear();
    }

    /// <summary>The MAC of the two parts one after the other.</summary>
    /// <param name="digest">20 bytes or more.</param>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digest.Length, DigestLength);
        var state = _inner;
        fixed (byte* a = first, b = second, d = digest)
        {
            _ = LibCrypto.SHA1_Update(&state, a, (nuint)first.Length);
            _ = LibCrypto.SHA1_Update(&state, b, (nuint)second.Length);
            _ = LibCrypto.SHA1_Final(d, &state);
            state = _outer;
            _ = LibCrypto.SHA1_Update(&state, d, DigestLength);
            _ = LibCrypto.SHA1_Final(d, &state);
        }
    }

    private static void Pad(ReadOnlySpan<byte> key, byte* block, byte pad)
    {
        for (var i = 0; i < 64; i++)
        {
            block[i] = (byte)((i < key.Length ? key[i] : 0) ^ pad);
        }
    }

    private static LibCrypto.Sha1State Absorb(byte* block)
    {
        LibCrypto.Sha1State state;
        _ = LibCrypto.SHA1_Init(&state);
        _ = LibCrypto.SHA1_Update(&state, block, 64);
        return state;
    }
}
