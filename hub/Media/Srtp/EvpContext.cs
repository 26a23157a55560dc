namespace ThreeClassrooms.Media.Srtp;

/// <summary>A libcrypto cipher context whose key is set once. Owned by one <see cref="EvpCtr"/> or <see cref="EvpGcm"/>.</summary>
internal sealed unsafe class EvpContext : IDisposable
{
    public EvpContext(nint cipher, ReadOnlySpan<byte> key, int ivLength, bool encrypt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, SrtpKeys.KeyLength);
        Handle = LibCrypto.EVP_CIPHER_CTX_new();
        var direction = encrypt ? 1 : 0;
        fixed (byte* k = key)
        {
            if (Handle == 0
                || LibCrypto.EVP_CipherInit_ex(Handle, cipher, 0, null, null, direction) != 1
                || (ivLength != 16 && LibCrypto.EVP_CIPHER_CTX_ctrl(Handle, LibCrypto.SetIvLength, ivLength, null) != 1)
                || LibCrypto.EVP_CipherInit_ex(Handle, 0, 0, k, null, direction) != 1)
            {
                Dispose();
                throw new InvalidOperationException("libcrypto refused an AES-128 context");
            }
        }
    }

    public nint Handle { get; private set; }

    public void Dispose()
    {
        LibCrypto.EVP_CIPHER_CTX_free(Handle);
        Handle = 0;
    }
}
