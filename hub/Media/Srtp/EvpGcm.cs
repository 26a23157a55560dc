namespace ThreeClassrooms.Media.Srtp;

/// <summary>Galois/counter mode by libcrypto.</summary>
internal sealed unsafe class EvpGcm(ReadOnlySpan<byte> key, bool encrypt) : GcmKey
{
    private readonly EvpContext _context = new(LibCrypto.EVP_aes_128_gcm(), key, IvLength, encrypt);

    public override void Seal(byte* iv, ReadOnlySpan<byte> aad, byte* input, byte* output, int length, byte* tag)
    {
        int written;
        fixed (byte* a = aad)
        {
            if (LibCrypto.EVP_CipherInit_ex(_context.Handle, 0, 0, null, iv, 1) != 1
                || LibCrypto.EVP_CipherUpdate(_context.Handle, null, &written, a, aad.Length) != 1
                || (length > 0 && LibCrypto.EVP_CipherUpdate(_context.Handle, output, &written, input, length) != 1)
                || LibCrypto.EVP_CipherFinal_ex(_context.Handle, output, &written) != 1
                || LibCrypto.EVP_CIPHER_CTX_ctrl(_context.Handle, LibCrypto.GetTag, TagLength, tag) != 1)
            {
                throw new InvalidOperationException("libcrypto refused to encrypt");
            }
        }
    }

    public override bool Open(byte* iv, ReadOnlySpan<byte> aad, byte* input, byte* output, int length, byte* tag)
    {
        int written;
        fixed (byte* a = aad)
        {
            return LibCrypto.EVP_CipherInit_ex(_context.Handle, 0, 0, null, iv, 0) == 1
                && LibCrypto.EVP_CipherUpdate(_context.Handle, null, &written, a, aad.Length) == 1
                && (length == 0 || LibCrypto.EVP_CipherUpdate(_context.Handle, output, &written, input, length) == 1)
                && LibCrypto.EVP_CIPHER_CTX_ctrl(_context.Handle, LibCrypto.SetTag, TagLength, tag) == 1
                && LibCrypto.EVP_CipherFinal_ex(_context.Handle, output, &written) == 1;
        }
    }

    public override void Dispose() => _context.Dispose();
}
