using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Dtls;

namespace ThreeClassrooms.Media.Tests.Dtls;

public sealed class DtlsFingerprintTests
{
    [Fact]
    public void OwnFingerprint_IsReadAndMatches()
    {
        byte[] certificate = [1, 2, 3];

        var read = DtlsFingerprint.TryParse(DtlsFingerprint.Sha256Of(certificate));

        Assert.NotNull(read);
        Assert.True(read.Matches(SHA256.HashData(certificate)));
        Assert.False(read.Matches(SHA256.HashData([1, 2, 4])));
    }

    [Theory]
    [InlineData("SHA-384", 48)]
    [InlineData("sha-512", 64)]
    public void LongerDigestsAndLowerCase_AreAccepted(string name, int length) =>
        Assert.Equal(length, DtlsFingerprint.TryParse($"{name} {string.Join(':', Enumerable.Repeat("ab", length))}")?.Length);

    [Theory]
    [InlineData("")]
    [InlineData("sha-256")]
    [InlineData("sha-1 AB:CD")]
    [InlineData("sha-256 AB:CD")]
    [InlineData("sha-256 AB CD")]
    public void Other_IsRefused(string text) => Assert.Null(DtlsFingerprint.TryParse(text));

    [Fact]
    public void AnyText_IsReadOrRefused() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            _ = DtlsFingerprint.TryParse(text.Get);
            _ = DtlsFingerprint.TryParse("sha-256 " + text.Get);
            _ = DtlsFingerprint.TryParse("sha-256 " + text.Get.PadRight(95, ':')[..95]);
        }).QuickCheckThrowOnFailure();
}
