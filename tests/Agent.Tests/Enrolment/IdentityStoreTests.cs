using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Enrolment;

public class IdentityStoreTests
{
    [Fact]
    public void Identity_IsReadableByItsUserOnly_AndNeverPrintsItsSecret()
    {
        using var folder = new TemporaryFolder();
        string data = Path.Combine(folder.Path, "data");
        var identity = new Identity(new Uri("https://hub:8443"), "room-1", "s3cret", DeviceRole.Receiving, "一班", "小学", null, DateTimeOffset.UnixEpoch);

        new IdentityStore(data).Save(identity);
        new IdentityStore(data).Save(identity);

        Assert.Equal(identity, new IdentityStore(data).Load());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "identity.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.DoesNotContain("s3cret", identity.ToString(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(data));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"hub\":")]
    public void BrokenFile_IsNoIdentity(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "identity.json"), content);
        Assert.Null(new IdentityStore(folder.Path).Load());
    }

    [Theory]
    [InlineData("bcdf-ghjk", "BCDFGHJK")]
    [InlineData(" BCDF GHJK ", "BCDFGHJK")]
    [InlineData("BCDFGHJ", null)]
    [InlineData("BCDFGHJA", null)]
    [InlineData("BCDFGHJ1", null)]
    public void Code_IsUnderstoodAsPeopleTypeIt(string typed, string? expected) => Assert.Equal(expected, Enroller.Normalise(typed));
}
