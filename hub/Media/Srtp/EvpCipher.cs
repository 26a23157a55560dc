namespace ThreeClassrooms.Media.Srtp;

/// <summary>One libcrypto cipher context whose key is set once; per packet only the initialisation vector changes. One owner.</summary>
internal sealed unsafe class EvpCipher : IDisposable
{
    private readonly int _direction;
    private nint _context;

    private EvpCipher(nint cipher, ReadOnlySpan<byte> key, int ivLength, bool encrypt)
    {
        _direction = encrypt ? 1 : 0;
        _context = LibCrypto.EVP_CIPHER_CTX_new();
        fixed (byte* k = key)
        {
            if (_context == 0
                || LibCrypto.EVP_CipherInit_ex(_context, cipher, 0, null, null, _direction) != 1
                || (ivLength != 16 && LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.SetIvLength, ivLength, null) != 1)
                || LibCrypto.EVP_CipherInit_ex(_context, 0, 0, k, null, _direction) != 1)
            {
                Dispose();
                throw new InvalidOperationException("libcrypto refused an AES-128 context");
            }
        }
    }

    public static EvpCipher Gcm(ReadOnlySpan<byte> key, bool encrypt) => new(LibCrypto.EVP_aes_128_gcm(), Checked(key), 12, encrypt);

    public static EvpCipher Ctr(ReadOnlySpan<byte> key) => new(LibCrypto.EVP_aes_128_ctr(), Checked(key), 16, encrypt: true);

    /// <summary>AES-CTR of <paramref name="length"/> bytes; input and output may be the same place.</summary>
    public void Xor(byte* iv, byte* input, byte* output, int length)
    {
        int written;
        if (LibCrypto.EVP_CipherInit_ex(_context, 0, 0, null, iv, _direction) != 1
            || LibCrypto.EVP_CipherUpdate(_context, output, &written, input, length) != 1)
        {
            throw new InvalidOperationException("libcrypto refused to encrypt");
        }
    }

    /// <summary>AES-GCM encryption; the 16-byte tag goes to <paramref name="tag"/>.</summary>
    public void Seal(byte* iv, ReadOnlySpan<byte> aad, byte* input, byte* output, int length, byte* tag)
    {
        int written;
        fixed (byte* a = aad)
        {
            if (LibCrypto.EVP_CipherInit_ex(_context, 0, 0, null, iv, 1) != 1
                || LibCrypto.EVP_CipherUpdate(_context, null, &written, a, aad.Length) != 1
                || (length > 0 && LibCrypto.EVP_CipherUpdate(_context, output, &written, input, length) != 1)
                || LibCrypto.EVP_CipherFinal_ex(_context, output, &written) != 1
                || LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.GetTag, 16, tag) != 1)
            {
                throw new InvalidOperationException("libcrypto refused to encrypt");
            }
        }
    }

    /// <summary>AES-GCM decryption. False when the tag does not match; the output is then worthless.</summary>
    public bool Open(byte* iv, ReadOnlySpan<byte> aad, byte* input, byte* output, int length, byte* tag)
    {
        int written;
        fixed (byte* a = aad)
        {
            return LibCrypto.EVP_CipherInit_ex(_context, 0, 0, null, iv, 0) == 1
                && LibCrypto.EVP_CipherUpdate(_context, null, &written, a, aad.Length) == 1
                && (length == 0 || LibCrypto.EVP_CipherUpdate(_context, output, &written, input, length) == 1)
                && LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.SetTag, 16, tag) == 1
                && LibCrypto.EVP_CipherFinal_ex(_context, output, &written) == 1;
        }
    }

    public void Dispose()
    {
        LibCrypto.EVP_CIPHER_CTX_free(_context);
        _context = 0;
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> key) =>
        key.Length == SrtpKeys.KeyLength ? key : throw new ArgumentException("An AES-128 key has 16 bytes", nameof(key));
}
