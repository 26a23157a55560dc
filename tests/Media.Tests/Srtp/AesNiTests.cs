using ThreeClassrooms.Media.Srtp;
using ThreeClassrooms.Media.Tests.Vectors;

namespace ThreeClassrooms.Media.Tests.Srtp;

/// <summary>The processor's instructions against libcrypto: every length, and random keys, nonces, headers and data.</summary>
public sealed unsafe class AesNiTests
{
    [Fact]
    public void EveryLength_SealsAndOpensAsLibcryptoDoes()
    {
        var random = new Random(1);
        for (var length = 0; length <= 1500; length++)
        {
            AssertSame(random, length, aad: 12 + (4 * (length % 20)));
        }
    }

    [Fact]
    public void EveryHeaderLength_SealsAsLibcryptoDoes()
    {
        var random = new Random(2);
        for (var aad = 1; aad <= 600; aad++)
        {
            AssertSame(random, random.Next(200), aad);
        }
    }

    [Fact]
    public void EveryLength_CountsAsLibcryptoDoes()
    {
        var random = new Random(3);
        for (var length = 0; length <= 1500; length++)
        {
            var (key, iv, data) = (Bytes(random, 16), Bytes(random, 16), Bytes(random, length + 1));
            (iv[14], iv[15]) = (0, 0);
            using var native = AesNi.IsSupported ? (CtrKey)new AesNiCtr(key) : new EvpCtr(key);
            using var evp = new EvpCtr(key);
            var (a, b) = ((byte[])data.Clone(), new byte[length + 1]);
            fixed (byte* v = iv, d = data, x = a, y = b)
            {
                native.Xor(v, x, x, length);
                evp.Xor(v, d, y, length);
            }

            Assert.Equal(b[..length], a[..length]);
            Assert.Equal(data[length], a[length]);
        }
    }

    [Fact]
    public void Libcrypto_MatchesRfc7714_Too()
    {
        using var evp = new EvpGcm(SrtpVectors.GcmKey, encrypt: true);
        var iv = Convert.FromHexString("51753c6580c2726f20718414");
        var packet = SrtpVectors.GcmRtp;
        var output = new byte[packet.Length + 4];
        fixed (byte* v = iv, p = packet, o = output)
        {
            evp.Seal(v, packet.AsSpan(0, 12), p + 12, o, packet.Length - 12, o + packet.Length - 12);
        }

        Assert.Equal(SrtpVectors.GcmSrtp[12..], output);
    }

    private static void AssertSame(Random random, int length, int aad)
    {
        var (key, iv, data, header) = (Bytes(random, 16), Bytes(random, 12), Bytes(random, length), Bytes(random, aad));
        using var native = AesNi.IsSupported ? (GcmKey)new AesNiGcm(key) : new EvpGcm(key, encrypt: true);
        using var seal = new EvpGcm(key, encrypt: true);
        using var open = new EvpGcm(key, encrypt: false);
        var (a, b) = (new byte[length + 17], new byte[length + 17]);
        fixed (byte* v = iv, d = data, x = a, y = b)
        {
            native.Seal(v, header, d, x, length, x + length);
            seal.Seal(v, header, d, y, length, y + length);
            Assert.Equal(b, a);

            // In place, as for packets that arrive.
            Assert.True(open.Open(v, header, x, x, length, x + length));
            Assert.Equal(data, a[..length]);
            using var opener = AesNi.IsSupported ? (GcmKey)new AesNiGcm(key) : new EvpGcm(key, encrypt: false);
            Assert.True(opener.Open(v, header, y, y, length, y + length));
            Assert.Equal(data, b[..length]);
            b[random.Next(length + 16)] ^= 1;
            Assert.False(opener.Open(v, header, y, y, length, y + length));
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
