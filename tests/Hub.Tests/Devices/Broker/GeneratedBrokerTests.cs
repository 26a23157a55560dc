using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Mqtt;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

/// <summary>What Mosquitto makes of the generated files, seen on the wire by its own clients; and how its plugin behaves where it surprises.</summary>
public sealed class GeneratedBrokerTests
{
    private const string One = "agt-aaaaaaaaaa";
    private const string Two = "agt-bbbbbbbbbb";
    private const string Secret = "kZ7Qm1vXw9s3Jc5Tn2Lr8Yp4Hd6Gb0Fa-_UeOiRtWqE";

    private static readonly DynsecUser[] Both = [GeneratedBroker.Device(One, Secret), GeneratedBroker.Device(Two, Secret)];

    [Fact]
    public async Task Device_PublishesAsItself_NotAsAnother()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(Both);
        await using LinkScene hub = await LinkScene.UpAsync(broker.AsHub());
        await hub.SubscribesAsync(FleetTopics.AllUp);

        (_, string own) = await broker.Wire(One, Secret).PublishAsync(FleetTopics.Up(One, UpKind.Event), "mine");
        (_, string foreign) = await broker.Wire(One, Secret).PublishAsync(FleetTopics.Up(Two, UpKind.Event), "forged");
        (_, string command) = await broker.Wire(One, Secret).PublishAsync(FleetTopics.Command(Two), "forged");
        (_, string control) = await broker.Wire(One, Secret).PublishAsync(DynsecFile.ControlTopic, "{}");
        await broker.Wire(Two, Secret).PublishAsync(FleetTopics.Up(Two, UpKind.Event), "last");

        await hub.HearsAsync(m => LinkScene.TextOf(m) == "last");
        Assert.DoesNotContain("Not authorized", own, StringComparison.Ordinal);
        Assert.All([foreign, command, control], said => Assert.Contains("Not authorized", said, StringComparison.Ordinal));
        Assert.Equal(["mine", "last"], hub.Messages.Select(LinkScene.TextOf));
    }

    [Fact]
    public async Task Device_ThatSubscribesToEverything_HearsOnlyItsOwn()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(Both);
        await using LinkScene hub = await LinkScene.UpAsync(broker.AsHub());
        await hub.Link.PublishAsync(LinkScene.Text(FleetTopics.Desired(One), "for-one", retain: true), CancellationToken.None);
        await hub.Link.PublishAsync(LinkScene.Text(FleetTopics.Desired(Two), "for-two", retain: true), CancellationToken.None);
        await broker.Wire(Two, Secret).PublishAsync(FleetTopics.State(Two), "state-of-two");

        (_, string all) = await broker.Wire(One, Secret).SubscribeAsync("#", seconds: 2);
        (_, string control) = await broker.Wire(One, Secret).SubscribeAsync("$CONTROL/#", seconds: 1);

        Assert.Equal([$"{FleetTopics.Desired(One)} for-one"], all.Split('\n').Where(l => l.StartsWith("tc/", StringComparison.Ordinal)));
        Assert.DoesNotContain("dynamic", control, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(One, Secret, Two)]
    [InlineData(One, "wrong-wrong-wrong-wrong-wrong-wrong-wrong", null)]
    [InlineData("agt-cccccccccc", Secret, null)]
    public async Task WrongClientId_WrongPassword_UnknownUser_AreRefused(string user, string password, string? clientId)
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(Both);
        (int exit, string output) = await broker.Wire(user, password, clientId).PublishAsync(FleetTopics.State(user), "x");
        Assert.NotEqual(0, exit);
        Assert.Contains("ot authori", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task DeviceDisabledInTheFile_IsRefused()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(GeneratedBroker.Device(One, Secret) with { Disabled = true });
        await using var scene = new LinkScene(broker.As(One, Secret));
        Assert.True((await scene.IsDownAsync()).Reason.IsRefusal());
    }

    [Fact]
    public async Task TlsListener_ShowsThePinnedCertificate_AnotherIsNotBelieved()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(Both);
        await using GeneratedBroker stranger = await GeneratedBroker.StartAsync(Both);
        MqttLinkSettings tls = LinkScene.Settings(broker.Settings.Port, One, tls: new MqttTls(broker.Settings.Certificate, NameCounts: false), password: Secret);
        await using LinkScene trusted = await LinkScene.UpAsync(tls);
        await using var pinned = new LinkScene(tls with { Port = stranger.Settings.Port, Username = Two, ClientId = Two });
        await using var named = new LinkScene(tls with { Tls = new MqttTls(broker.Settings.Certificate, NameCounts: true), Username = Two, ClientId = Two });

        Assert.Equal(MqttReason.TlsFailed, (await pinned.IsDownAsync()).Reason);
        Assert.Equal(MqttReason.TlsFailed, (await named.IsDownAsync()).Reason); // it names nobody
        Assert.True((await trusted.Link.PublishAsync(LinkScene.Text(FleetTopics.State(One), "x"), CancellationToken.None)).IsOk);
    }

    [Fact]
    public async Task NobodyListensWithTls_IsKnownAtOnce()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync();
        MqttTls tls = new(broker.Settings.Certificate, NameCounts: false);
        await using var scene = new LinkScene(LinkScene.Settings(ThreeClassrooms.TestKit.Brokers.BrokerProcess.FreePort(), One, tls: tls));

        MqttLinkChange down = await scene.IsDownAsync();

        Assert.Equal(MqttReason.Unreachable, down.Reason);
        Assert.NotEqual("no CONNACK in time", down.Words);
    }

    [Fact]
    public async Task Hub_IsSentMoreThanTheUsualQueue_WhenItConnects()
    {
        const int Kept = 900;

        // A county's worth of what devices have the broker keep, laid there by one who may write everywhere.
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(Both);
        await using (LinkScene county = await LinkScene.UpAsync(broker.AsHub()))
        {
            await Task.WhenAll(Enumerable.Range(0, Kept).Select(i =>
                county.Link.PublishAsync(LinkScene.Text($"tc/v1/agents/dev-{i}/up/state", "x", retain: true), CancellationToken.None)));
        }

        await using LinkScene hub = await LinkScene.UpAsync(broker.AsHub() with { ReceiveMaximum = 1000 });
        await hub.SubscribesAsync(FleetTopics.AllUp);

        await Until.TrueAsync(() => hub.Messages.Count == Kept, () => $"{hub.Messages.Count} of {Kept}");
        Assert.All(hub.Messages, m => Assert.True(m.Retain));
    }

    [Fact]
    public async Task Admin_CreatesChangesAndRemovesUsers_InBatches()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync();
        using DynsecAdmin admin = await broker.AdminAsync();
        string[] ids = [.. Enumerable.Range(0, 25).Select(i => $"agt-{(char)('a' + i)}aaaaaaaaa")];

        IReadOnlyList<BrokerRefusal?> created = await admin.ApplyAsync([.. ids.Select(id => new CreateUser(id, Secret))], CancellationToken.None);
        IReadOnlyList<BrokerRefusal?> again = await admin.ApplyAsync([new CreateUser(ids[0], Secret), new DeleteUser("agt-zzzzzzzzzz"), new DisableUser(ids[1])], CancellationToken.None);
        Result<List<ListedUser>, BrokerRefusal> listed = await admin.ListAsync(CancellationToken.None);

        Assert.All(created, Assert.Null);
        Assert.Equal([BrokerRefusal.AlreadyThere, BrokerRefusal.NotThere, null], again);
        Assert.Equal(ids.Order(), listed.Value.Select(u => u.Username).Where(u => u.StartsWith("agt-", StringComparison.Ordinal)).Order());
        Assert.Equal([ids[1]], listed.Value.Where(u => u.Disabled).Select(u => u.Username));
    }

    [Fact]
    public async Task List_OfMoreThanOnePage_IsWhole()
    {
        DynsecUser[] many = [.. Enumerable.Range(0, DynsecAdmin.PageSize + 37).Select(i => GeneratedBroker.Device($"agt-m{i:000000000}", Secret))];
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(many);
        using DynsecAdmin admin = await broker.AdminAsync();

        Result<List<ListedUser>, BrokerRefusal> listed = await admin.ListAsync(CancellationToken.None);

        Assert.Equal(many.Length + 2, listed.Value.Select(u => u.Username).Distinct().Count());
    }

    [Fact]
    public async Task Disable_And_NewPassword_PutTheDeviceOut()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(Both);
        using DynsecAdmin admin = await broker.AdminAsync();
        await using LinkScene one = await LinkScene.UpAsync(broker.As(One, Secret));
        await using LinkScene two = await LinkScene.UpAsync(broker.As(Two, Secret));

        await admin.ApplyAsync([new DisableUser(One), new SetPassword(Two, "another-another-another-another-another-12")], CancellationToken.None);

        await one.IsDownAsync();
        await two.IsDownAsync();
        one.Link.TryNow();
        two.Link.TryNow();
        await Until.TrueAsync(() => one.Changes.Any(c => c.Reason.IsRefusal()) && two.Changes.Any(c => c.Reason.IsRefusal()));
    }

    /// <summary>The plugin of 2.0.11 truncates its file in place: a kill at the wrong moment leaves nothing of it.</summary>
    [Fact]
    public async Task EmptyUsersFile_LocksEverybodyOut_AFreshOneLetsThemIn()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(Both);
        broker.Process.Kill();
        await File.WriteAllBytesAsync(broker.Settings.DynsecPath, []);
        await broker.Process.StartAgainAsync();
        await using (var locked = new LinkScene(broker.As(One, Secret)))
        {
            Assert.True((await locked.IsDownAsync()).Reason.IsRefusal());
        }

        broker.Process.Kill();
        GeneratedBroker.WriteUsers(broker.Settings, Both);
        await broker.Process.StartAgainAsync();
        await using LinkScene back = await LinkScene.UpAsync(broker.As(One, Secret));
    }

    /// <summary>"Done" says nothing of the disk: the log line is the only sign, and the database is the truth.</summary>
    [Fact]
    public async Task ChangeThatCannotBeSaved_IsAnsweredWithDone_OnlyTheLogTells()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync();
        using DynsecAdmin admin = await broker.AdminAsync();
        File.Delete(broker.Settings.DynsecPath);
        Directory.CreateDirectory(broker.Settings.DynsecPath); // not even root can write a file there

        IReadOnlyList<BrokerRefusal?> answer = await admin.ApplyAsync([new CreateUser(One, Secret)], CancellationToken.None);

        Assert.Equal([null], answer);
        await Until.TrueAsync(() => broker.Process.Lines.Any(BrokerLoop.TellsOfUnsavedUsers), () => string.Join('\n', broker.Process.Lines));
    }

    /// <summary>A PUBACK is no promise: the snapshot is written every half minute.</summary>
    [Fact]
    public async Task AcknowledgedMessage_IsGoneAfterAKill_SoNothingThatMattersReliesOnIt()
    {
        await using GeneratedBroker broker = await GeneratedBroker.StartAsync(Both);
        await using (LinkScene one = await LinkScene.UpAsync(broker.As(One, Secret)))
        {
            MqttPublishResult acknowledged = await one.Link.PublishAsync(LinkScene.Text(FleetTopics.State(One), "x", retain: true), CancellationToken.None);
            Assert.True(acknowledged.IsOk);
        }

        broker.Process.Kill();
        await broker.Process.StartAgainAsync();
        await using LinkScene hub = await LinkScene.UpAsync(broker.AsHub());
        await hub.SubscribesAsync(FleetTopics.AllUp);
        await using LinkScene two = await LinkScene.UpAsync(broker.As(Two, Secret));
        await two.Link.PublishAsync(LinkScene.Text(FleetTopics.State(Two), "y"), CancellationToken.None);

        await hub.HearsAsync(m => m.Topic == FleetTopics.State(Two));
        Assert.DoesNotContain(hub.Messages, m => m.Topic == FleetTopics.State(One));
    }
}
