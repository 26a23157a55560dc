using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>
/// The universal hash of GCM on carry-less multiplication, computed as POLYVAL on byte-reversed blocks (RFC 8452 Appendix A): the product
/// needs no bit shift and the reduction is two multiplications. A run of blocks is multiplied by falling powers and reduced once.
/// </summary>
internal static unsafe class Ghash
{
    /// <summary>Powers kept: a batch of eight blocks and the length block behind it.</summary>
    public const int Powers = AesNi.BatchBlocks + 1;

    /// <summary>Writes the powers of the hash key so that powers[Powers − n] is its n-th.</summary>
    /// <param name="hashKey">The cipher of the zero block.</param>
    public static void Expand(Vector128<byte> hashKey, Vector128<byte>* powers)
    {
        var first = TimesX(Ssse3.Shuffle(hashKey, AesNi.Reversal).AsUInt64());
        var power = first;
        powers[Powers - 1] = power.AsByte();
        for (var n = 2; n <= Powers; n++)
        {
            var product = default(Product);
            product.Add(power, first);
            power = product.Reduce();
            powers[Powers - n] = power.AsByte();
        }
    }

    /// <summary>Absorbs 1 to 9 whole blocks.</summary>
    public static Vector128<ulong> Absorb(Vector128<byte>* powers, Vector128<ulong> sum, byte* data, int blocks)
    {
        var product = default(Product);
        var power = powers + (Powers - blocks);
        product.Add(Load(data) ^ sum, power[0].AsUInt64());
        for (var i = 1; i < blocks; i++)
        {
            product.Add(Load(data + (i * AesNi.BlockLength)), power[i].AsUInt64());
        }

        return product.Reduce();
    }

    /// <summary>Absorbs 128 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AbsorbBatch(Vector128<byte>* powers, Vector128<ulong> sum, byte* data)
    {
        powers++; // the eighth power comes first
        return Pclmulqdq.V512.IsSupported && Avx512BW.IsSupported ? AbsorbWide(powers, sum, data) : AbsorbNarrow(powers, sum, data);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> AbsorbNarrow(Vector128<byte>* powers, Vector128<ulong> sum, byte* data)
    {
        var product = default(Product);
        product.Add(Load(data) ^ sum, powers[0].AsUInt64());
        product.Add(Load(data + 16), powers[1].AsUInt64());
        product.Add(Load(data + 32), powers[2].AsUInt64());
        product.Add(Load(data + 48), powers[3].AsUInt64());
        product.Add(Load(data + 64), powers[4].AsUInt64());
        product.Add(Load(data + 80), powers[5].AsUInt64());
        product.Add(Load(data + 96), powers[6].AsUInt64());
        product.Add(Load(data + 112), powers[7].AsUInt64());
        return product.Reduce();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> AbsorbWide(Vector128<byte>* powers, Vector128<ulong> sum, byte* data)
    {
        var half = Vector256.Create(AesNi.Reversal, AesNi.Reversal);
        var reversal = Vector512.Create(half, half);
        var a = Avx512BW.Shuffle(Vector512.Load(data), reversal).AsUInt64() ^ sum.ToVector256().ToVector512();
        var b = Avx512BW.Shuffle(Vector512.Load(data + 64), reversal).AsUInt64();
        var p = Vector512.Load((byte*)powers).AsUInt64();
        var q = Vector512.Load((byte*)(powers + 4)).AsUInt64();
        var low = Pclmulqdq.V512.CarrylessMultiply(a, p, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(b, q, 0x00);
        var high = Pclmulqdq.V512.CarrylessMultiply(a, p, 0x11) ^ Pclmulqdq.V512.CarrylessMultiply(b, q, 0x11);
        var middle = Pclmulqdq.V512.CarrylessMultiply(a, p, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(a, p, 0x10)
            ^ Pclmulqdq.V512.CarrylessMultiply(b, q, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(b, q, 0x10);
        return new Product { Low = Fold(low), Middle = Fold(middle), High = Fold(high) }.Reduce();
    }

    private static Vector128<ulong> Fold(Vector512<ulong> four)
    {
        var two = four.GetLower() ^ four.GetUpper();
        return two.GetLower() ^ two.GetUpper();
    }

    private static Vector128<ulong> Load(byte* block) => Ssse3.Shuffle(Vector128.Load(block), AesNi.Reversal).AsUInt64();

    // Multiplies by x in POLYVAL's field, without a branch on the secret.
    private static Vector128<ulong> TimesX(Vector128<ulong> value)
    {
        var number = ((UInt128)value[1] << 64) | value[0];
        var carry = unchecked((ulong)-(long)(ulong)(number >> 127));
        number <<= 1;
        return Vector128.Create((ulong)(number & ulong.MaxValue) ^ (carry & 1), (ulong)(number >> 64) ^ (carry & 0xC200_0000_0000_0000));
    }

    // A sum of unreduced 255-bit products.
    private struct Product
    {
        public Vector128<ulong> Low;
        public Vector128<ulong> Middle;
        public Vector128<ulong> High;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector128<ulong> a, Vector128<ulong> b)
        {
            Low ^= Pclmulqdq.CarrylessMultiply(a, b, 0x00);
            High ^= Pclmulqdq.CarrylessMultiply(a, b, 0x11);
            Middle ^= Pclmulqdq.CarrylessMultiply(a, b, 0x01) ^ Pclmulqdq.CarrylessMultiply(a, b, 0x10);
        }

        // Montgomery reduction modulo x^128 + x^127 + x^126 + x^121 + 1.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector128<ulong> Reduce()
        {
            var polynomial = Vector128.Create(1UL, 0xC200_0000_0000_0000);
            var low = Low ^ Sse2.ShiftLeftLogical128BitLane(Middle, 8);
            var high = High ^ Sse2.ShiftRightLogical128BitLane(Middle, 8);
            low = Pclmulqdq.CarrylessMultiply(low, polynomial, 0x10) ^ Swap(low);
            low = Pclmulqdq.CarrylessMultiply(low, polynomial, 0x10) ^ Swap(low);
            return low ^ high;
        }

        private static Vector128<ulong> Swap(Vector128<ulong> value) => Sse2.Shuffle(value.AsInt32(), 0x4E).AsUInt64();
    }
}
