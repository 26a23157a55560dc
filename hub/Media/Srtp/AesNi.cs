using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>
/// AES-128 in counter mode on the processor's AES instructions, eight blocks at a time (FIPS 197). A packet costs no call into libcrypto,
/// whose fixed price is several times that of the arithmetic at our sizes. Free of secret-dependent branches and look-ups.
/// </summary>
internal static unsafe class AesNi
{
    public const int Rounds = 10;
    public const int BlockLength = 16;
    public const int BatchBlocks = 8;
    public const int BatchLength = BlockLength * BatchBlocks;

    public static bool IsSupported => Aes.IsSupported && Pclmulqdq.IsSupported && Ssse3.IsSupported;

    /// <summary>Reverses the bytes of a block: counters and field elements are big-endian on the wire.</summary>
    public static Vector128<byte> Reversal => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <param name="blocks">16-byte blocks to allocate, aligned for the widest vector, cleared.</param>
    public static Vector128<byte>* Allocate(int blocks)
    {
        var size = (nuint)(blocks * BlockLength);
        var memory = NativeMemory.AlignedAlloc(size, 64);
        NativeMemory.Clear(memory, size);
        return (Vector128<byte>*)memory;
    }

    /// <summary>Clears and frees; null is fine.</summary>
    public static void Free(Vector128<byte>* memory, int blocks)
    {
        if (memory != null)
        {
            NativeMemory.Clear(memory, (nuint)(blocks * BlockLength));
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>Writes the eleven round keys (FIPS 197 §5.2).</summary>
    public static void Expand(ReadOnlySpan<byte> key, Vector128<byte>* roundKeys)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, SrtpKeys.KeyLength);
        var k = Vector128.Create(key);
        roundKeys[0] = k;
        roundKeys[1] = k = Next(k, Aes.KeygenAssist(k, 0x01));
        roundKeys[2] = k = Next(k, Aes.KeygenAssist(k, 0x02));
        roundKeys[3] = k = Next(k, Aes.KeygenAssist(k, 0x04));
        roundKeys[4] = k = Next(k, Aes.KeygenAssist(k, 0x08));
        roundKeys[5] = k = Next(k, Aes.KeygenAssist(k, 0x10));
        roundKeys[6] = k = Next(k, Aes.KeygenAssist(k, 0x20));
        roundKeys[7] = k = Next(k, Aes.KeygenAssist(k, 0x40));
        roundKeys[8] = k = Next(k, Aes.KeygenAssist(k, 0x80));
        roundKeys[9] = k = Next(k, Aes.KeygenAssist(k, 0x1B));
        roundKeys[10] = Next(k, Aes.KeygenAssist(k, 0x36));
    }

    public static Vector128<byte> Encrypt(Vector128<byte>* roundKeys, Vector128<byte> block)
    {
        block ^= roundKeys[0];
        for (var round = 1; round < Rounds; round++)
        {
            block = Aes.Encrypt(block, roundKeys[round]);
        }

        return Aes.EncryptLast(block, roundKeys[Rounds]);
    }

    /// <summary>Adds the key stream of eight counter blocks to 128 bytes.</summary>
    /// <param name="counter">The first counter block with its bytes reversed; element 0 counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void XorBatch(Vector128<byte>* roundKeys, Vector128<uint> counter, byte* input, byte* output)
    {
        var reversal = Reversal;
        var k = roundKeys[0];
        var b0 = Ssse3.Shuffle(counter.AsByte(), reversal) ^ k;
        var b1 = Ssse3.Shuffle((counter + Vector128.CreateScalar(1u)).AsByte(), reversal) ^ k;
        var b2 = Ssse3.Shuffle((counter + Vector128.CreateScalar(2u)).AsByte(), reversal) ^ k;
        var b3 = Ssse3.Shuffle((counter + Vector128.CreateScalar(3u)).AsByte(), reversal) ^ k;
        var b4 = Ssse3.Shuffle((counter + Vector128.CreateScalar(4u)).AsByte(), reversal) ^ k;
        var b5 = Ssse3.Shuffle((counter + Vector128.CreateScalar(5u)).AsByte(), reversal) ^ k;
        var b6 = Ssse3.Shuffle((counter + Vector128.CreateScalar(6u)).AsByte(), reversal) ^ k;
        var b7 = Ssse3.Shuffle((counter + Vector128.CreateScalar(7u)).AsByte(), reversal) ^ k;
        for (var round = 1; round < Rounds; round++)
        {
            k = roundKeys[round];
            b0 = Aes.Encrypt(b0, k);
            b1 = Aes.Encrypt(b1, k);
            b2 = Aes.Encrypt(b2, k);
            b3 = Aes.Encrypt(b3, k);
            b4 = Aes.Encrypt(b4, k);
            b5 = Aes.Encrypt(b5, k);
            b6 = Aes.Encrypt(b6, k);
            b7 = Aes.Encrypt(b7, k);
        }

        k = roundKeys[Rounds];
        (Aes.EncryptLast(b0, k) ^ Vector128.Load(input)).Store(output);
        (Aes.EncryptLast(b1, k) ^ Vector128.Load(input + 16)).Store(output + 16);
        (Aes.EncryptLast(b2, k) ^ Vector128.Load(input + 32)).Store(output + 32);
        (Aes.EncryptLast(b3, k) ^ Vector128.Load(input + 48)).Store(output + 48);
        (Aes.EncryptLast(b4, k) ^ Vector128.Load(input + 64)).Store(output + 64);
        (Aes.EncryptLast(b5, k) ^ Vector128.Load(input + 80)).Store(output + 80);
        (Aes.EncryptLast(b6, k) ^ Vector128.Load(input + 96)).Store(output + 96);
        (Aes.EncryptLast(b7, k) ^ Vector128.Load(input + 112)).Store(output + 112);
    }

    private static Vector128<byte> Next(Vector128<byte> key, Vector128<byte> assist)
    {
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 8);
        return key ^ Sse2.Shuffle(assist.AsInt32(), 0xFF).AsByte();
    }
}
