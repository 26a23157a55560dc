using System.Runtime.InteropServices;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>
/// The parts of libcrypto 3 that run once per packet. They never block, never call back and take about a microsecond,
/// so the transition of the garbage collector is suppressed.
/// </summary>
internal static unsafe partial class LibCrypto
{
    public const int SetIvLength = 0x09;
    public const int GetTag = 0x10;
    public const int SetTag = 0x11;
    private const string Library = "libcrypto.so.3";

    [LibraryImport(Library)]
    public static partial nint EVP_aes_128_gcm();

    [LibraryImport(Library)]
    public static partial nint EVP_aes_128_ctr();

    [LibraryImport(Library)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, void* pointer);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int EVP_CipherUpdate(nint context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int EVP_CipherFinal_ex(nint context, byte* output, int* written);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int SHA1_Init(Sha1State* state);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int SHA1_Update(Sha1State* state, byte* data, nuint length);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int SHA1_Final(byte* digest, Sha1State* state);

    /// <summary>The public SHA_CTX of openssl/sha.h: five chaining words, two length words, sixteen data words, a count.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Sha1State
    {
        public fixed uint Words[24];
    }
}
