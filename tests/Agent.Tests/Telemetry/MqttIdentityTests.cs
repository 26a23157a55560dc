using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

public class MqttIdentityTests
{
    private static readonly DeviceMqtt Given = new(null, 8883, "first", "PEM", true);

    [Fact]
    public void NewPassword_IsTriedFirst_TheOneThatWorkedIsKept()
    {
        MqttIdentity identity = MqttIdentity.Of(Given).Proven("first").With(Given with { Password = "second" });
        Assert.Equal(["second", "first"], identity.Passwords);
        Assert.Equal(["second"], identity.Proven("second").Passwords);
        Assert.Equal(["first"], identity.Proven("first").Passwords);
    }

    [Fact]
    public void Round_TriesEachOnce_ThenBeginsAnew()
    {
        var round = new PasswordRound(["a", "b"]);
        Assert.Equal("a", round.Present);
        Assert.True(round.OnRefused());
        Assert.Equal("b", round.Present);
        Assert.False(round.OnRefused());
        Assert.Equal("a", round.Present);
    }

    [Fact]
    public void Store_KeepsIt_ForThisUserOnly_AndWritesTheCertificateOut()
    {
        using var folder = new TemporaryFolder();
        var store = new MqttIdentityStore(folder.Path);
        Assert.Null(store.Load());

        Assert.True(store.TrySave(MqttIdentity.Of(Given)));

        Assert.Equal(MqttIdentity.Of(Given), store.Load());
        Assert.Equal("PEM", File.ReadAllText(store.TrustFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "mqtt.json")));
    }

    [Fact]
    public void DamagedFile_IsNone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "mqtt.json"), "{\"port\":");
        Assert.Null(new MqttIdentityStore(folder.Path).Load());
    }

    [Fact]
    public void Printed_ItShowsNoPassword() =>
        Assert.DoesNotContain("first", $"{MqttIdentity.Of(Given)} {Given}", StringComparison.Ordinal);
}
