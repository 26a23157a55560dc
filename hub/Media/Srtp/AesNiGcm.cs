using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>Galois/counter mode on the processor's AES and carry-less multiplication instructions.</summary>
internal sealed unsafe class AesNiGcm : GcmKey
{
    private const int RoundKeyBlocks = AesNi.Rounds + 1;
    private const int Blocks = RoundKeyBlocks + Ghash.Powers;
    private readonly Vector128<byte>* _powers;
    private Vector128<byte>* _keys;

    public AesNiGcm(ReadOnlySpan<byte> key)
    {
        _keys = AesNi.Allocate(Blocks);
        _powers = _keys + RoundKeyBlocks;
        AesNi.Expand(key, _keys);
        Ghash.Expand(AesNi.Encrypt(_keys, Vector128<byte>.Zero), _powers);
    }

    public override void Seal(byte* iv, ReadOnlySpan<byte> aad, byte* input, byte* output, int length, byte* tag)
    {
        var counter = FirstCounter(iv);
        var mask = AesNi.Encrypt(_keys, Ssse3.Shuffle(counter.AsByte(), AesNi.Reversal));
        counter += Vector128.CreateScalar(1u);
        var sum = AbsorbAad(aad);
        var left = length;
        if (left >= AesNi.BatchLength)
        {
            // The hash of a batch runs beside the cipher of the next one.
            AesNi.XorBatch(_keys, counter, input, output);
            for (left -= AesNi.BatchLength; left >= AesNi.BatchLength; left -= AesNi.BatchLength)
            {
                counter += Vector128.CreateScalar((uint)AesNi.BatchBlocks);
                input += AesNi.BatchLength;
                AesNi.XorBatch(_keys, counter, input, output + AesNi.BatchLength);
                sum = Ghash.AbsorbBatch(_powers, sum, output);
                output += AesNi.BatchLength;
            }

            counter += Vector128.CreateScalar((uint)AesNi.BatchBlocks);
            input += AesNi.BatchLength;
            sum = Ghash.AbsorbBatch(_powers, sum, output);
            output += AesNi.BatchLength;
        }

        var tail = stackalloc byte[AesNi.BatchLength + AesNi.BlockLength];
        if (left > 0)
        {
            Buffer.MemoryCopy(input, tail, AesNi.BatchLength, left);
            AesNi.XorBatch(_keys, counter, tail, tail);
            Buffer.MemoryCopy(tail, output, left, left);
        }

        (Finish(sum, tail, left, aad.Length, length) ^ mask).Store(tag);
    }

    public override bool Open(byte* iv, ReadOnlySpan<byte> aad, byte* input, byte* output, int length, byte* tag)
    {
        var counter = FirstCounter(iv);
        var mask = AesNi.Encrypt(_keys, Ssse3.Shuffle(counter.AsByte(), AesNi.Reversal));
        counter += Vector128.CreateScalar(1u);
        var sum = AbsorbAad(aad);
        var left = length;
        for (; left >= AesNi.BatchLength; left -= AesNi.BatchLength)
        {
            sum = Ghash.AbsorbBatch(_powers, sum, input);
            AesNi.XorBatch(_keys, counter, input, output);
            counter += Vector128.CreateScalar((uint)AesNi.BatchBlocks);
            input += AesNi.BatchLength;
            output += AesNi.BatchLength;
        }

        var tail = stackalloc byte[AesNi.BatchLength + AesNi.BlockLength];
        var plain = stackalloc byte[AesNi.BatchLength];
        if (left > 0)
        {
            Buffer.MemoryCopy(input, tail, AesNi.BatchLength, left);
            AesNi.XorBatch(_keys, counter, tail, plain);
            Buffer.MemoryCopy(plain, output, left, left);
        }

        var expected = stackalloc byte[TagLength];
        (Finish(sum, tail, left, aad.Length, length) ^ mask).Store(expected);
        return CryptographicOperations.FixedTimeEquals(new ReadOnlySpan<byte>(expected, TagLength), new ReadOnlySpan<byte>(tag, TagLength));
    }

    public override void Dispose()
    {
        AesNi.Free(_keys, Blocks);
        _keys = null;
    }

    // The nonce and a 32-bit 1, reversed.
    private static Vector128<uint> FirstCounter(byte* iv) => Vector128.Create(
        1u,
        BinaryPrimitives.ReverseEndianness(*(uint*)(iv + 8)),
        BinaryPrimitives.ReverseEndianness(*(uint*)(iv + 4)),
        BinaryPrimitives.ReverseEndianness(*(uint*)iv));

    private Vector128<ulong> AbsorbAad(ReadOnlySpan<byte> aad)
    {
        var sum = Vector128<ulong>.Zero;
        var padded = stackalloc byte[AesNi.BatchLength];
        while (aad.Length > 0)
        {
            var part = aad[..Math.Min(aad.Length, AesNi.BatchLength)];
            var blocks = (part.Length + AesNi.BlockLength - 1) / AesNi.BlockLength;
            part.CopyTo(new Span<byte>(padded, AesNi.BatchLength));
            new Span<byte>(padded + part.Length, (blocks * AesNi.BlockLength) - part.Length).Clear();
            sum = Ghash.Absorb(_powers, sum, padded, blocks);
            aad = aad[part.Length..];
        }

        return sum;
    }

    // The last partial batch of ciphertext, padded with zeros, and the block of lengths in bits (SP 800-38D §7.1).
    private Vector128<byte> Finish(Vector128<ulong> sum, byte* tail, int left, int aadLength, int length)
    {
        var blocks = (left + AesNi.BlockLength - 1) / AesNi.BlockLength;
        var end = tail + (blocks * AesNi.BlockLength);
        new Span<byte>(tail + left, (blocks * AesNi.BlockLength) - left).Clear();
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(end, 8), (ulong)aadLength * 8);
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(end + 8, 8), (ulong)length * 8);
        sum = Ghash.Absorb(_powers, sum, tail, blocks + 1);
        return Ssse3.Shuffle(sum.AsByte(), AesNi.Reversal);
    }
}
