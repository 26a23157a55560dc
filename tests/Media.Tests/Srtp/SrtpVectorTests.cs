using System.Security.Cryptography;
using System.Text;
using ThreeClassrooms.Media.Srtp;
using ThreeClassrooms.Media.Tests.Vectors;

namespace ThreeClassrooms.Media.Tests.Srtp;

public sealed unsafe class SrtpVectorTests
{
    [Fact]
    public void KeyDerivation_MatchesRfc3711()
    {
        var keys = new SrtpKeys(SrtpProfile.Aes128CmSha1, SrtpVectors.MasterKey, SrtpVectors.MasterSalt);
        var cipher = new byte[16];
        var salt = new byte[14];
        var mac = new byte[94];

        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpEncryption, cipher);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpSalt, salt);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpAuthentication, mac);

        Assert.Equal("C61E7A93744F39EE10734AFE3FF7A087", Convert.ToHexString(cipher));
        Assert.Equal("30CBBC08863D8C85D49DB34A9AE1", Convert.ToHexString(salt));
        Assert.Equal(
            "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25"
            + "6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2",
            Convert.ToHexString(mac));
    }

    [Fact]
    public void CounterMode_MatchesRfc3711()
    {
        using var cipher = CtrKey.Create(Convert.FromHexString("2B7E151628AED2A6ABF7158809CF4F3C"));
        var iv = Convert.FromHexString("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000");
        var stream = new byte[0xFF02 * 16];

        fixed (byte* i = iv, s = stream)
        {
            cipher.Xor(i, s, s, stream.Length);
        }

        Assert.Equal("E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0", Convert.ToHexString(stream[..48]));
        Assert.Equal(
            "EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374FBEB4C81B17BA6C44",
            Convert.ToHexString(stream[(0xFEFF * 16)..]));
    }

    [Fact]
    public void Gcm_MatchesRfc7714()
    {
        using var encrypt = new GcmCipher(SrtpVectors.GcmKey, SrtpVectors.GcmSalt, encrypt: true);
        using var decrypt = new GcmCipher(SrtpVectors.GcmKey, SrtpVectors.GcmSalt, encrypt: false);
        var output = new byte[200];

        var length = encrypt.ProtectRtp(SrtpVectors.GcmRtp.AsSpan(0, 12), SrtpVectors.GcmRtp.AsSpan(12), output, 0x5501A0B2, 0xF17B);
        Assert.Equal(SrtpVectors.GcmSrtp, output[..length]);
        Assert.True(decrypt.UnprotectRtp(output.AsSpan(0, length), 12, 0x5501A0B2, 0xF17B));
        Assert.Equal(SrtpVectors.GcmRtp, output[..(length - 16)]);

        length = encrypt.ProtectRtcp(SrtpVectors.GcmRtcp, output, 0x4D617273, 0x5D4);
        Assert.Equal(SrtpVectors.GcmSrtcp, output[..length]);
        Assert.Equal(0x5D4u, decrypt.ReadRtcpIndex(output.AsSpan(0, length), out var encrypted));
        Assert.True(encrypted);
        Assert.True(decrypt.UnprotectRtcp(output.AsSpan(0, length), 0x4D617273, 0x5D4, encrypted));
        Assert.Equal(SrtpVectors.GcmRtcp, output[..(length - 20)]);
    }

    [Fact]
    public void CounterModeAndHmac_EqualTheRfcWrittenOutWithTheBcl()
    {
        var keys = new SrtpKeys(SrtpProfile.Aes128CmSha1, SrtpVectors.MasterKey, SrtpVectors.MasterSalt);
        using var cipher = new CmCipher(keys);
        var packet = Simulation.Packets.Rtp(0xCAFEBABE, 0x1234, 100);
        var output = new byte[200];

        var length = cipher.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12), output, 0xCAFEBABE, 0x5_1234);

        Assert.Equal(Reference(keys, packet, 0xCAFEBABE, 0x5_1234), output[..length]);
    }

    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00")]
    [InlineData("4a656665", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")]
    public void HmacSha1_MatchesRfc2202(string key, string text, string expected)
    {
        var mac = new HmacSha1(Convert.FromHexString(key));
        var bytes = Encoding.ASCII.GetBytes(text);
        var digest = new byte[20];

        for (var split = 0; split <= bytes.Length; split++)
        {
            mac.Compute(bytes.AsSpan(0, split), bytes.AsSpan(split), digest);
            Assert.Equal(expected, Convert.ToHexStringLower(digest));
        }
    }

    // RFC 3711 §4.1.1, §4.2 step by step.
    private static byte[] Reference(SrtpKeys keys, byte[] packet, uint ssrc, ulong index)
    {
        var key = new byte[16];
        var salt = new byte[14];
        var macKey = new byte[20];
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpEncryption, key);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpSalt, salt);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpAuthentication, macKey);
        using var aes = Aes.Create();
        aes.Key = key;
        var iv = (UInt128.One << 64) * ssrc ^ ((UInt128)index << 16);
        for (var i = 0; i < 14; i++)
        {
            iv ^= (UInt128)salt[i] << (120 - (8 * i));
        }

        var result = (byte[])packet.Clone();
        for (var i = 0; i < packet.Length - 12; i++)
        {
            var counter = iv + (UInt128)(i / 16);
            var block = Enumerable.Range(0, 16).Select(b => (byte)(counter >> (120 - (8 * b)))).ToArray();
            result[12 + i] ^= aes.EncryptEcb(block, PaddingMode.None)[i % 16];
        }

        var roc = (uint)(index >> 16);
        byte[] authenticated = [.. result, (byte)(roc >> 24), (byte)(roc >> 16), (byte)(roc >> 8), (byte)roc];
#pragma warning disable CA5350 // The profile prescribes it.
        return [.. result, .. HMACSHA1.HashData(macKey, authenticated)[..10]];
#pragma warning restore CA5350
    }
}
