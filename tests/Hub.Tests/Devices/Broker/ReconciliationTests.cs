using ThreeClassrooms.Hub.Devices.Broker;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

public sealed class ReconciliationTests
{
    private const string One = "agt-aaaaaaaaaa";
    private const string Two = "agt-bbbbbbbbbb";

    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Ghosts_AreRemoved_OthersUsersAreLeftAlone()
    {
        var found = Reconciliation.Between([], [new(One, false), new("tc-hub", false), new("county-weather", false), new("agt-short", false)], Nothing);
        Assert.Equal([new DeleteUser(One)], found.Changes);
        Assert.Empty(found.Missing);
    }

    [Fact]
    public void Standing_IsAsTheDatabaseHasIt()
    {
        var found = Reconciliation.Between([new(One, true), new(Two, false)], [new(One, false), new(Two, true)], Nothing);
        Assert.Equal([new DisableUser(One), new EnableUser(Two)], found.Changes);
    }

    [Fact]
    public void MissingUser_IsCreatedWhereItsPasswordIsRemembered()
    {
        var found = Reconciliation.Between([new(One, false), new(Two, false)], [], new Dictionary<string, string> { [One] = "p" });
        Assert.Equal([new CreateUser(One, "p")], found.Changes);
        Assert.Equal([Two], found.Missing);
    }

    [Fact]
    public void MissingDisabledUser_MissesNothing()
    {
        var found = Reconciliation.Between([new(One, true)], [], Nothing);
        Assert.Empty(found.Changes);
        Assert.Empty(found.Missing);
    }

    [Fact]
    public void PasswordNotToldYet_IsTold()
    {
        var found = Reconciliation.Between([new(One, false)], [new(One, false)], new Dictionary<string, string> { [One] = "p" });
        Assert.Equal([new SetPassword(One, "p")], found.Changes);
    }

    [Fact]
    public void Agreement_ChangesNothing() =>
        Assert.Empty(Reconciliation.Between([new(One, false), new(Two, true)], [new(One.ToUpperInvariant(), false), new(Two, true)], Nothing).Changes);

    [Fact]
    public void Passwords_AreNotInWhatIsLogged() =>
        Assert.DoesNotContain("hush", $"{new CreateUser(One, "hush")} {new SetPassword(One, "hush")}", StringComparison.Ordinal);
}
