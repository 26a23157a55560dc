namespace ThreeClassrooms.Media.Srtp;

/// <summary>Counter mode by libcrypto.</summary>
internal sealed unsafe class EvpCtr(ReadOnlySpan<byte> key) : CtrKey
{
    private readonly EvpContext _context = new(LibCrypto.EVP_aes_128_ctr(), key, 16, encrypt: true);

    public override void Xor(byte* iv, byte* input, byte* output, int length)
    {
        int written;
        if (LibCrypto.EVP_CipherInit_ex(_context.Handle, 0, 0, null, iv, 1) != 1
            || LibCrypto.EVP_CipherUpdate(_context.Handle, output, &written, input, length) != 1)
        {
            throw new InvalidOperationException("libcrypto refused to encrypt");
        }
    }

    public override void Dispose() => _context.Dispose();
}
