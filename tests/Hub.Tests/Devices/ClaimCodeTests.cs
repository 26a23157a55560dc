using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Devices;

namespace ThreeClassrooms.Hub.Tests.Devices;

public sealed class ClaimCodeTests
{
    [Theory]
    [InlineData("BCDF-GHJK", "BCDFGHJK")]
    [InlineData("bcdfghjk", "BCDFGHJK")]
    [InlineData(" b-c d-f GHJK- ", "BCDFGHJK")]
    [InlineData("BCDFGHJ", null)]
    [InlineData("BCDFGHJKL", null)]
    [InlineData("BCDFGHJA", null)]
    [InlineData("BCDF_GHJK", null)]
    [InlineData("", null)]
    [InlineData("-------------------------BCDFGHJK", null)]
    public void Typed_IsReadAsPeopleWriteIt(string typed, string? code) => Assert.Equal(code, ClaimCode.Normalise(typed));

    [Fact]
    public void NewCode_ShownAndTypedBack_IsTheSame()
    {
        string code = ClaimCode.New();
        Assert.Equal(ClaimCode.Length, code.Length);
        Assert.Equal(code, ClaimCode.Normalise(ClaimCode.Shown(code).ToLowerInvariant()));
    }

    [Fact]
    public void AnyText_IsACodeOrRefused() => Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(s => s is not null), text =>
        ClaimCode.Normalise(text) is not { } code || (code.Length == ClaimCode.Length && code.All(ClaimCode.Alphabet.Contains))).QuickCheckThrowOnFailure();

    [Fact]
    public void Hash_MatchesItsOwnCodeAndSaltOnly()
    {
        string salt = ClaimCode.NewSalt(), hash = ClaimCode.Hash("BCDFGHJK", salt);
        Assert.True(ClaimCode.Matches("BCDFGHJK", salt, hash));
        Assert.False(ClaimCode.Matches("BCDFGHJL", salt, hash));
        Assert.False(ClaimCode.Matches("BCDFGHJK", ClaimCode.NewSalt(), hash));
    }

    [Fact]
    public void Secret_IsKnownByItsHash_AndNoSecretFitsAMissingDevice()
    {
        string secret = DeviceSecret.New();
        Assert.Equal(43, secret.Length);
        Assert.True(DeviceSecret.Matches(secret, DeviceSecret.Hash(secret)));
        Assert.False(DeviceSecret.Matches(secret + "x", DeviceSecret.Hash(secret)));
        Assert.False(DeviceSecret.Matches(secret, null));
        Assert.Matches("^agt-[a-z2-7]{10}$", DeviceSecret.NewDeviceId());
    }
}
