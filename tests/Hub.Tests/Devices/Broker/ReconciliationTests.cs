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
        var found = Compare([], [new(One, false), new("tc-hub", false), new("county-weather", false), new("agt-short", false)], Nothing);
        Assert.Equal([new DeleteUser(One)], found.Changes);
        Assert.Empty(found.Missing);
    }

    [Fact]
    public void Standing_IsAsTheDatabaseHasIt()
    {
        var found = Compare([new(One, true), new(Two, false)], [new(One, false), new(Two, true)], Nothing);
        Assert.Equal([new DisableUser(One), new EnableUser(Two)], found.Changes);
    }

    [Fact]
    public void MissingUser_IsCreatedWhereItsPasswordIsRemembered()
    {
        var found = Compare([new(One, false), new(Two, false)], [], new Dictionary<string, string> { [One] = "p" });
        Assert.Equal([new CreateUser(One, "p")], found.Changes);
        Assert.Equal([Two], found.Missing);
    }

    [Fact]
    public void MissingDisabledUser_MissesNothing()
    {
        var found = Compare([new(One, true)], [], Nothing);
        Assert.Empty(found.Changes);
        Assert.Empty(found.Missing);
    }

    [Fact]
    public void PasswordNotToldYet_IsTold()
    {
        var found = Compare([new(One, false)], [new(One, false)], new Dictionary<string, string> { [One] = "p" });
        Assert.Equal([new SetPassword(One, "p")], found.Changes);
    }

    [Fact]
    public void Agreement_ChangesNothing() =>
        Assert.Empty(Compare([new(One, false), new(Two, true)], [new(One.ToUpperInvariant(), false), new(Two, true)], Nothing).Changes);

    [Fact]
    public void UserAddedWhileTheBrokerWasAsked_IsNeitherGhostNorMissing()
    {
        var found = Reconciliation.Between([new(One, false), new(Two, false)], new HashSet<string>(), [new(Two, false)], Nothing);
        Assert.Empty(found.Changes);
        Assert.Empty(found.Missing);
    }

    [Fact]
    public void Passwords_AreNotInWhatIsLogged() =>
        Assert.DoesNotContain("hush", $"{new CreateUser(One, "hush")} {new SetPassword(One, "hush")}", StringComparison.Ordinal);

    private static Reconciliation Compare(KnownUser[] truth, ListedUser[] found, Dictionary<string, string> remembered) =>
        Reconciliation.Between(truth, truth.Select(u => u.DeviceId).ToHashSet(), found, remembered);
}
