using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;
using ThreeClassrooms.TestKit.Robots;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

/// <summary>A channel cannot make the hub reach into its own network.</summary>
public sealed class ConnectGuardTests
{
    private static readonly ConnectGuard Guard = new(new DeliveryOptions());

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("223.5.5.5", true)]
    [InlineData("2400:3200::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:7f00:1::", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("ff02::1", false)]
    public void PublicAddresses_AreThoseOfTheInternet(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData(nameof(ChannelKind.DingTalk), "https://oapi.dingtalk.com/robot/send?access_token=x", true)]
    [InlineData(nameof(ChannelKind.DingTalk), "http://oapi.dingtalk.com/robot/send?access_token=x", false)]
    [InlineData(nameof(ChannelKind.DingTalk), "https://oapi.dingtalk.com:8443/robot/send?access_token=x", false)]
    [InlineData(nameof(ChannelKind.DingTalk), "https://oapi.dingtalk.com.evil.example/robot/send?access_token=x", false)]
    [InlineData(nameof(ChannelKind.DingTalk), "https://oapi.dingtalk.com@evil.example/robot", false)]
    [InlineData(nameof(ChannelKind.DingTalk), "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", false)]
    [InlineData(nameof(ChannelKind.WeCom), "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", true)]
    [InlineData(nameof(ChannelKind.Feishu), "https://open.feishu.cn/open-apis/bot/v2/hook/x", true)]
    [InlineData(nameof(ChannelKind.Webhook), "https://alerts.example/hook", true)]
    [InlineData(nameof(ChannelKind.Webhook), "http://alerts.example/hook", false)]
    [InlineData(nameof(ChannelKind.Webhook), "https://127.0.0.1/hook", false)]
    [InlineData(nameof(ChannelKind.Webhook), "https://[::1]/hook", false)]
    [InlineData(nameof(ChannelKind.Webhook), "https://2130706433/hook", false)]
    [InlineData(nameof(ChannelKind.Webhook), "https://0x7f.1/hook", false)]
    [InlineData(nameof(ChannelKind.Webhook), "file:///etc/passwd", false)]
    public void AnAddress_IsAllowedByKind(string kind, string address, bool allowed) => Assert.Equal(allowed, Guard.Allows(Enum.Parse<ChannelKind>(kind), new Uri(address)));

    [Fact]
    public void WhatTheConfigurationNames_IsAllowedAsItStands()
    {
        var guard = new ConnectGuard(new DeliveryOptions { TrustedOrigins = ["https://robot.county.example:8443", "smtp://Mail.county.example:25"] });
        Assert.True(guard.Allows(ChannelKind.DingTalk, new Uri("https://robot.county.example:8443/robot/send?access_token=x")));
        Assert.False(guard.Allows(ChannelKind.DingTalk, new Uri("https://robot.county.example/robot/send?access_token=x")));
        Assert.False(guard.Allows(ChannelKind.DingTalk, new Uri("http://robot.county.example:8443/robot/send?access_token=x")));
        Assert.True(guard.TrustsMail("mail.county.example", 25));
        Assert.False(guard.TrustsMail("mail.county.example", 587));
    }

    [Fact]
    public async Task ANameThatLeadsHome_IsNotConnectedTo()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await Assert.ThrowsAsync<ForbiddenAddressException>(() => Guard.ConnectAsync("https", "localhost", port, CancellationToken.None));
        await Assert.ThrowsAsync<ForbiddenAddressException>(() => Guard.ConnectAsync("smtp", "127.0.0.1", port, CancellationToken.None));
        Assert.False(listener.Pending());
        var trusting = new ConnectGuard(new DeliveryOptions { TrustedOrigins = [$"https://localhost:{port}"] });
        using (await trusting.ConnectAsync("https", "localhost", port, CancellationToken.None))
        {
            Assert.True(listener.Pending());
        }

        await Assert.ThrowsAsync<ForbiddenAddressException>(() => trusting.ConnectAsync("http", "localhost", port, CancellationToken.None));
        listener.Stop();
    }

    [Fact]
    public async Task ARedirect_IsNotFollowed()
    {
        await using FakeRobot robot = await FakeRobot.StartAsync(RobotBrand.Webhook);
        robot.Mood = RobotMood.Redirects;
        var options = new DeliveryOptions { TrustedOrigins = [robot.Origin] };
        using var sender = new RobotSender(options, new ConnectGuard(options), TimeProvider.System);
        DeliveryOutcome outcome = await sender.SendAsync(Notices.Channel(ChannelKind.Webhook), new ChannelSecrets(robot.Address, null), "{}"u8.ToArray(), "d", CancellationToken.None);
        Assert.Equal(DeliveryFault.ForbiddenAddress, outcome.Fault);
        Assert.Single(robot.Messages);
    }

    [Fact]
    public void WrongOrigins_StopTheStart()
    {
        var options = new DeliveryOptions { TrustedOrigins = ["robot.county.example", "https://a.example/path", "ftp://a.example", "https://good.example"] };
        Assert.Equal(3, options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options)).Count());
    }
}
