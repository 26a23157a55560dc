using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>Counter mode on the processor's AES instructions.</summary>
internal sealed unsafe class AesNiCtr : CtrKey
{
    private const int KeyBlocks = AesNi.Rounds + 1;
    private Vector128<byte>* _keys;

    public AesNiCtr(ReadOnlySpan<byte> key)
    {
        _keys = AesNi.Allocate(KeyBlocks);
        AesNi.Expand(key, _keys);
    }

    public override void Xor(byte* iv, byte* input, byte* output, int length)
    {
        var counter = Ssse3.Shuffle(Vector128.Load(iv), AesNi.Reversal).AsUInt32();
        for (; length >= AesNi.BatchLength; length -= AesNi.BatchLength)
        {
            AesNi.XorBatch(_keys, counter, input, output);
            counter += Vector128.CreateScalar((uint)AesNi.BatchBlocks);
            input += AesNi.BatchLength;
            output += AesNi.BatchLength;
        }

        if (length > 0)
        {
            var tail = stackalloc byte[AesNi.BatchLength];
            Buffer.MemoryCopy(input, tail, AesNi.BatchLength, length);
            AesNi.XorBatch(_keys, counter, tail, tail);
            Buffer.MemoryCopy(tail, output, length, length);
        }
    }

    public override void Dispose()
    {
        AesNi.Free(_keys, KeyBlocks);
        _keys = null;
    }
}
