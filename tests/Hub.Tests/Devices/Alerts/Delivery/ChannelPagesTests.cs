using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Tests.Pages;
using ThreeClassrooms.TestKit.Robots;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

/// <summary>Channels as staff set them up, try them and mend them, against a strict robot.</summary>
public sealed class ChannelPagesTests(ChannelPagesTests.Ground ground) : IClassFixture<ChannelPagesTests.Ground>
{
    private const string Secret = "SEC0a1b2c3d4e5f60718293";

    private readonly PagesHub _hub = ground.Hub;
    private readonly FakeRobot _robot = ground.Robot;

    [Fact]
    public async Task Staff_AddTryMendAndRemoveAChannel_AndNobodySeesItsSecretsAgain()
    {
        using HttpClient county = await _hub.SignedInAsync("county");
        IHtmlDocument empty = await PagesHub.PageAsync(county, "/alerts/channels");
        Assert.NotNull(empty.QuerySelector(".channels-none"));
        Assert.Equal(5, empty.QuerySelectorAll(".kind ol").Length);
        Assert.All(empty.QuerySelectorAll(".kind ol"), steps => Assert.Equal(3, steps.QuerySelectorAll("li").Length));

        // A wrong address is refused with a reason, and does not come back into the page.
        IHtmlDocument form = await PagesHub.PageAsync(county, "/alerts/channels/new?kind=DingTalk");
        IHtmlDocument refused = await PagesHub.ReadAsync(await PagesHub.PostAsync(
            county, form, "/alerts/channels/new?kind=DingTalk", Fields("值班群", "https://evil.example/robot/send?access_token=abc", "SECx")));
        Assert.Contains("这不是这种机器人的地址", refused.QuerySelector(".note.is-bad")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", refused.DocumentElement.OuterHtml, StringComparison.Ordinal);

        HttpResponseMessage added = await PagesHub.PostAsync(county, form, "/alerts/channels/new?kind=DingTalk", Fields("值班群", _robot.Address, "SECwrong"));
        Assert.Equal(HttpStatusCode.Found, added.StatusCode);
        AlertChannel channel = await ChannelAsync();

        // The test says what is wrong and what to do.
        IHtmlDocument list = await PagesHub.PageAsync(county, "/alerts/channels");
        Assert.Contains("签名不对", await TryAsync(county, list, channel.Id), StringComparison.Ordinal);

        // Mended: the address is kept, the key replaced.
        IHtmlDocument edit = await PagesHub.PageAsync(county, $"/alerts/channels/{channel.Id}");
        Assert.DoesNotContain(_robot.Token, edit.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("SECwrong", edit.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Dictionary<string, string> mended = Fields("值班群", "", Secret);
        mended["Form.Version"] = channel.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(HttpStatusCode.Found, (await PagesHub.PostAsync(county, edit, $"/alerts/channels/{channel.Id}", mended)).StatusCode);
        Assert.Contains("测试消息已送达", await TryAsync(county, list, channel.Id), StringComparison.Ordinal);
        Assert.Contains("值班群", _robot.Taken[^1].Body, StringComparison.Ordinal);

        // A form that was open since before the change loses.
        IHtmlDocument late = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, edit, $"/alerts/channels/{channel.Id}", mended));
        Assert.Contains("刚才有人修改", late.QuerySelector(".note.is-bad")!.TextContent, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Found, (await PagesHub.PostAsync(county, list, $"/alerts/channels?handler=Switch&id={channel.Id}&on=false", [])).StatusCode);
        Assert.NotNull((await PagesHub.PageAsync(county, "/alerts/channels")).QuerySelector(".channel-off"));
        Assert.Equal(HttpStatusCode.Found, (await PagesHub.PostAsync(county, list, $"/alerts/channels?handler=Remove&id={channel.Id}", [])).StatusCode);
        Assert.NotNull((await PagesHub.PageAsync(county, "/alerts/channels")).QuerySelector(".channels-none"));
        Assert.Equal("", (await _hub.WithAsync(db => db.Set<AlertChannel>().SingleAsync(c => c.Id == channel.Id))).Secrets);

        List<AuditEntry> audit = await _hub.WithAsync(db => db.Set<AuditEntry>().Where(e => e.Subject == channel.Id.ToString()).OrderBy(e => e.Id).ToListAsync());
        Assert.Equal(
            [
                AuditAction.AddedAlertChannel, AuditAction.TriedAlertChannel, AuditAction.ChangedAlertChannel, AuditAction.TriedAlertChannel,
                AuditAction.DisabledAlertChannel, AuditAction.RemovedAlertChannel,
            ],
            audit.Select(e => e.Action));
        Assert.All(audit, e => Assert.DoesNotContain(Secret, e.Detail ?? "", StringComparison.Ordinal));
        Assert.All(audit, e => Assert.Equal("county", e.Actor));
    }

    [Fact]
    public async Task MessagesLaidAside_AreSentAgain_OrDiscarded()
    {
        using HttpClient admin = await _hub.SignedInAsync("admin");
        IHtmlDocument form = await PagesHub.PageAsync(admin, "/alerts/channels/new?kind=DingTalk");
        await PagesHub.PostAsync(admin, form, "/alerts/channels/new?kind=DingTalk", Fields("值班群", _robot.Address, Secret));
        Guid channel = (await ChannelAsync()).Id;
        int taken = _robot.Taken.Count;
        INoticeQueue queue = _hub.Services.GetRequiredService<INoticeQueue>();
        _robot.Always = (430102, "unsuitable text");
        await _hub.WithAsync(db =>
        {
            queue.Add(db, Notices.Notice(group: "a") with { At = DateTimeOffset.UtcNow }, []);
            queue.Add(db, Notices.Notice(group: "b") with { At = DateTimeOffset.UtcNow }, []);
            return db.SaveChangesAsync();
        });
        await TestKit.Until.TrueAsync(() => Count(MessageState.Dead) == 2);
        IHtmlDocument page = await PagesHub.PageAsync(admin, "/alerts/channels");
        Assert.Equal(2, page.QuerySelectorAll(".dead li").Length);
        Assert.Contains("对方不接受这条消息的内容", page.QuerySelector(".dead")!.TextContent, StringComparison.Ordinal);

        _robot.Always = null;
        long first = (await _hub.WithAsync(db => db.Set<AlertMessage>().OrderBy(m => m.Id).FirstAsync())).Id;
        await PagesHub.PostAsync(admin, page, $"/alerts/channels?handler=Resend&id={channel}&message={first}", []);
        await TestKit.Until.TrueAsync(() => Count(MessageState.Sent) == 1);
        await PagesHub.PostAsync(admin, page, $"/alerts/channels?handler=Discard&id={channel}", []);
        Assert.Equal((0, 1), (Count(MessageState.Dead), Count(MessageState.Discarded)));
        Assert.Equal(taken + 1, _robot.Taken.Count);
        Assert.Null((await PagesHub.PageAsync(admin, "/alerts/channels")).QuerySelector(".dead"));
        await PagesHub.PostAsync(admin, page, $"/alerts/channels?handler=Remove&id={channel}", []);
    }

    [Theory]
    [InlineData("credit")]
    [InlineData("inspector")]
    [InlineData("head")]
    [InlineData("wangxiulan")]
    public async Task Nobody_ButTheCountysStaff_SeesOrTouchesChannels(string login)
    {
        using HttpClient other = await _hub.SignedInAsync(login);
        IHtmlDocument own = await PagesHub.PageAsync(other, "/");
        foreach (string path in new[] { "/alerts/channels", "/alerts/channels/new?kind=DingTalk", $"/alerts/channels/{Guid.NewGuid()}" })
        {
            Assert.Equal("/denied", Target(await other.GetAsync(new Uri(path, UriKind.Relative))));
        }

        foreach (string handler in new[] { "Test", "Switch", "Remove", "Resend", "Discard" })
        {
            Assert.Equal("/denied", Target(await PagesHub.PostAsync(other, own, $"/alerts/channels?handler={handler}&id={Guid.NewGuid()}", [])));
        }

        Assert.Equal("/denied", Target(await PagesHub.PostAsync(other, own, "/alerts/channels/new?kind=DingTalk", Fields("x", _robot.Address, Secret))));
        Assert.False(await _hub.WithAsync(db => db.Set<AlertChannel>().AnyAsync(c => c.Name == "x")));
    }

    [Fact]
    public async Task WhatIsMissing_IsNamed()
    {
        using HttpClient county = await _hub.SignedInAsync("county");
        IHtmlDocument form = await PagesHub.PageAsync(county, "/alerts/channels/new?kind=Mail");
        Dictionary<string, string> fields = Fields("", "", "");
        fields["Form.AllSchools"] = "false";
        fields["Form.MailSecurity"] = nameof(MailSecurity.None);
        fields["Form.MailHost"] = "mail.example";
        fields["Form.MailPort"] = "25";
        fields["Form.MailTo"] = "a@example.org, not-an-address";
        IHtmlDocument page = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, form, "/alerts/channels/new?kind=Mail", fields));
        Assert.Equal(5, page.QuerySelectorAll(".faults li").Length); // name, school, plain mail, sender, recipients
        using HttpClient english = await _hub.SignedInAsync("county", "en");
        Assert.Equal("Notification channels", (await PagesHub.PageAsync(english, "/alerts/channels")).QuerySelector("h1")!.TextContent);
        Assert.Equal(HttpStatusCode.BadRequest, (await county.GetAsync(new Uri("/alerts/channels/new?kind=Pigeon", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task TheKeys_AreReadableByTheHubsUserOnly()
    {
        using HttpClient county = await _hub.SignedInAsync("county");
        var folder = _hub.Services.GetRequiredService<ThreeClassrooms.Hub.Hosting.DataFolder>();
        Assert.NotEmpty(Directory.GetFiles(folder.Keys));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder.Keys) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.All(Directory.GetFiles(folder.Keys), f => Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(f) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0));
    }

    private Task<AlertChannel> ChannelAsync() => _hub.WithAsync(db => db.Set<AlertChannel>().SingleAsync(c => c.RemovedAt == null));

    private int Count(MessageState state) => _hub.WithAsync(db => db.Set<AlertMessage>().CountAsync(m => m.State == state)).GetAwaiter().GetResult();

    private static async Task<string> TryAsync(HttpClient browser, IHtmlDocument page, Guid channel)
    {
        HttpResponseMessage answer = await PagesHub.PostAsync(browser, page, $"/alerts/channels?handler=Test&id={channel}", []);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await PagesHub.ReadAsync(answer)).QuerySelector(".channel .note[role=status]")!.TextContent;
    }

    private static string? Target(HttpResponseMessage answer) => answer.Headers.Location is { } to ? new Uri(new Uri("http://localhost"), to).AbsolutePath : answer.StatusCode.ToString();

    private static Dictionary<string, string> Fields(string name, string address, string key) => new()
    {
        ["Form.Name"] = name,
        ["Form.Address"] = address,
        ["Form.Key"] = key,
        ["Form.MinimumSeverity"] = nameof(AlertSeverity.Information),
        ["Form.AllSchools"] = "true",
        ["Form.Language"] = "zh-CN",
    };

    /// <summary>One hub and one robot for all of them; every test removes its channels.</summary>
    public sealed class Ground : IAsyncLifetime
    {
        public PagesHub Hub { get; } = new();

        public FakeRobot Robot { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Robot = await FakeRobot.StartAsync(RobotBrand.DingTalk);
            Robot.Secret = Secret;
            Hub.Settings["AlertDelivery:TrustedOrigins"] = Robot.Origin;
            Hub.Settings["AlertDelivery:Timeout"] = "00:00:02";
        }

        public async Task DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Robot.DisposeAsync();
        }
    }
}
