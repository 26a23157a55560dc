using System.Security.Cryptography;
using System.Text;
using ThreeClassrooms.Media.Dtls;

namespace ThreeClassrooms.Media.Tests.Dtls;

public sealed class DtlsAlertsTests
{
    /// <summary>The widely used vector of TLS 1.2's pseudo-random function with SHA-256.</summary>
    [Fact]
    public void Expand_GivesTheKnownBytes()
    {
        byte[] secret = Convert.FromHexString("9bbe436ba940f017b17652849a71db35");
        byte[] seed = [.. Encoding.ASCII.GetBytes("test label"), .. Convert.FromHexString("a0ba9f936cda311827a6f796ffd5198c")];
        Assert.Equal(
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
            Convert.ToHexStringLower(DtlsAlerts.Expand(secret, seed, HashAlgorithmName.SHA256, 100)));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void WhatOneSideSeals_TheOtherUnderstands_AndNobodyElse(int keyLength)
    {
        HashAlgorithmName hash = keyLength == 16 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384;
        byte[] master = [.. Enumerable.Range(0, 48).Select(i => (byte)i)], one = new byte[32], other = [.. Enumerable.Repeat((byte)9, 32)];
        using var client = DtlsAlerts.Derive(master, one, other, hash, keyLength, client: true);
        using var server = DtlsAlerts.Derive(master, one, other, hash, keyLength, client: false);
        using var stranger = DtlsAlerts.Derive(master, other, one, hash, keyLength, client: false);
        byte[] close = client.SealClose();
        Assert.Equal(close.Length, DtlsRecords.SoundLength(close));
        Assert.True(server.SaysEnd(close));
        Assert.True(client.SaysEnd(server.SealClose()));
        Assert.False(stranger.SaysEnd(close));
        Assert.False(client.SaysEnd(close));
        for (int bit = 0; bit < close.Length * 8; bit++)
        {
            byte[] changed = [.. close];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(server.SaysEnd(changed), $"bit {bit}");
        }
    }

    [Fact]
    public void WarningsAndOtherRecords_AreNotTheEnd_AndAFewBytesAreNothing()
    {
        using var alerts = DtlsAlerts.Derive(new byte[48], new byte[32], new byte[32], HashAlgorithmName.SHA256, 16, client: true);
        Assert.False(alerts.SaysEnd([]));
        Assert.False(alerts.SaysEnd([21]));
        Assert.False(alerts.SaysEnd([22, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 7]));
        Assert.False(alerts.SaysEnd([21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 7]));
    }
}
