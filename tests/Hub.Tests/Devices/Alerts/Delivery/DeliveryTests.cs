using System.Text.Json;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Tests.Storage;
using ThreeClassrooms.TestKit.Robots;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

/// <summary>The whole way of a message: from the engine's transaction to a robot that is as strict as the real one.</summary>
public sealed class DeliveryTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>, IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private FakeRobot _robot = null!;
    private DeliveryScene _scene = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _robot.DisposeAsync();
    }

    [Theory]
    [InlineData(RobotBrand.DingTalk, "SEC0123456789")]
    [InlineData(RobotBrand.WeCom, null)]
    [InlineData(RobotBrand.Feishu, "feishu-secret")]
    [InlineData(RobotBrand.Webhook, "0123456789abcdef")]
    public async Task EachService_TakesWhatItIsSent(RobotBrand brand, string? secret)
    {
        Guid channel = await ChannelAsync(brand, secret, keyword: brand is RobotBrand.DingTalk or RobotBrand.Feishu ? "三个课堂值班" : null);
        await _scene.AddAsync(Notices.Notice(), channel);
        await SettledAsync(channel);
        Assert.Equal(MessageState.Sent, _scene.Messages(channel).Single().State);
        Assert.Contains("三年级教室", Assert.Single(_robot.Taken).Body, StringComparison.Ordinal);
        Assert.Equal((_time.Now, 0), (_scene.Health(channel)!.SentAt, _scene.Health(channel)!.FailedInRow));
    }

    [Fact]
    public async Task Messages_ArriveInTheirOrder_ThroughFailures()
    {
        Guid channel = await ChannelAsync(RobotBrand.WeCom);
        _robot.Mood = RobotMood.BadGateway;
        await _scene.AddAsync(Notices.Notice(group: "begun"), channel);
        await _scene.UntilAsync(() => _scene.Messages(channel)[0].State == MessageState.Retry, "no failure was written down");
        await _scene.AddAsync(Notices.Notice(NoticeKind.Resolved, group: "over", alerts: Notices.Alert(over: true)), channel);
        Assert.Equal((DeliveryFault.ServerBusy, "HTTP 502"), (_scene.Messages(channel)[0].Fault, _scene.Messages(channel)[0].Detail));
        _robot.Mood = RobotMood.Well;
        _time.Advance(TimeSpan.FromSeconds(15));
        await SettledAsync(channel);
        Assert.Equal(["【紧急】", "【已恢复】"], _robot.Taken.Select(m => ContentOf(m)).Select(c => c.Contains("【紧急】", StringComparison.Ordinal) ? "【紧急】" : "【已恢复】"));
        Assert.Null(_scene.Health(channel)!.Fault);
    }

    [Fact]
    public async Task AFlood_BecomesDigests_AndNeverTooManyAMinute()
    {
        Guid channel = await ChannelAsync(RobotBrand.DingTalk, "SEC0123456789");
        for (int i = 0; i < 120; i++)
        {
            await _scene.AddAsync(Notices.Notice(group: $"g{i}", alerts: Notices.Alert($"{i} 号教室")), channel);
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }

        await _scene.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(500));
                return _scene.Messages(channel).All(m => m.State == MessageState.Sent);
            },
            "the flood did not drain");
        Assert.All(_robot.Messages, m => Assert.Equal(0, m.Code)); // it refuses the 21st of a minute
        Assert.Contains(_robot.Messages, m => m.Body.Contains("【汇总】", StringComparison.Ordinal));
        Assert.True(_robot.Messages.Count < 60, $"{_robot.Messages.Count} messages for a flood of 120");
    }

    [Fact]
    public async Task AThrottledDingTalk_IsLeftAloneForTenMinutes_ThenToldInOne()
    {
        Guid channel = await ChannelAsync(RobotBrand.DingTalk, "SEC0123456789");
        _robot.Always = (130101, "send too fast, exceed 20 times per minute");
        await _scene.AddAsync(Notices.Notice(group: "first"), channel);
        await _scene.UntilAsync(() => _scene.Health(channel)?.Fault == DeliveryFault.RateLimited, "no refusal was written down");
        Assert.Equal(_time.Now.AddMinutes(10), _scene.Health(channel)!.PausedUntil);
        _robot.Always = null;
        for (int i = 0; i < 6; i++)
        {
            await _scene.AddAsync(Notices.Notice(group: $"g{i}", alerts: Notices.Alert($"{i} 号教室")), channel);
        }

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(TrialRefusal.TooSoon, (await _scene.Loop.TryAsync(channel, CancellationToken.None)).Refusal);
        Assert.Single(_robot.Messages);
        _time.Advance(TimeSpan.FromMinutes(1));
        await SettledAsync(channel);
        Assert.Contains("7 条消息合并发送", Assert.Single(_robot.Taken).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RobotMood.BreaksOff, nameof(DeliveryFault.Unreachable))]
    [InlineData(RobotMood.Silent, nameof(DeliveryFault.Timeout))]
    [InlineData(RobotMood.TalksHtml, nameof(DeliveryFault.OddAnswer))]
    [InlineData(RobotMood.Redirects, nameof(DeliveryFault.ForbiddenAddress))]
    public async Task ABrokenService_IsTriedAgain_UntilItIsWell(RobotMood mood, string fault)
    {
        Guid channel = await ChannelAsync(RobotBrand.WeCom);
        _robot.Mood = mood;
        await _scene.AddAsync(Notices.Notice(), channel);
        await _scene.UntilAsync(() => _scene.Messages(channel)[0].State == MessageState.Retry, "no failure was written down");
        Assert.Equal(Enum.Parse<DeliveryFault>(fault), _scene.Health(channel)!.Fault);
        _robot.Mood = RobotMood.Well;
        _time.Advance(TimeSpan.FromMinutes(6));
        await SettledAsync(channel);
        Assert.Equal((MessageState.Sent, 2), (_scene.Messages(channel)[0].State, _scene.Messages(channel)[0].Tries));
    }

    [Fact]
    public async Task WrongSettings_AreToldApart()
    {
        Guid channel = await ChannelAsync(RobotBrand.Feishu, "feishu-secret");
        Assert.Equal(DeliveryFault.WrongSign, await TriedAsync(channel, r => r.Secret = "another"));
        Assert.Equal(DeliveryFault.ClockSkew, await TriedAsync(channel, r => (r.Secret, r.Skew) = ("feishu-secret", TimeSpan.FromHours(2))));
        Assert.Equal(DeliveryFault.KeywordMissing, await TriedAsync(channel, r => (r.Skew, r.Keyword) = (TimeSpan.Zero, "口令")));
        Assert.Equal(DeliveryFault.AddressNotAllowed, await TriedAsync(channel, r => (r.Keyword, r.AllowsAddress) = (null, false)));
        Assert.Null(await TriedAsync(channel, r => r.AllowsAddress = true));
    }

    [Fact]
    public async Task AWellTriedChannel_IsGivenWhatWaited_AtOnce()
    {
        Guid channel = await ChannelAsync(RobotBrand.DingTalk, "SEC0123456789");
        _robot.Secret = "SECother";
        await _scene.AddAsync(Notices.Notice(), channel);
        await _scene.UntilAsync(() => _scene.Messages(channel)[0].State == MessageState.Retry, "no failure was written down");
        Assert.True(_scene.Messages(channel)[0].NextTryAt > _time.Now.AddMinutes(2));
        Assert.Null(await TriedAsync(channel, r => r.Secret = "SEC0123456789"));
        await SettledAsync(channel);
        Assert.Equal(2, _robot.Taken.Count);
    }

    [Fact]
    public async Task OneMessageThatIsNotTaken_CostsNoOther()
    {
        Guid channel = await ChannelAsync(RobotBrand.WeCom);
        await _scene.StopAsync();
        for (int i = 0; i < 6; i++)
        {
            await _scene.AddAsync(Notices.Notice(group: $"g{i}", alerts: Notices.Alert($"{i} 号教室")), channel);
        }

        _robot.Always = (40058, "invalid parameter");
        await _scene.StartAsync();
        await _scene.UntilAsync(() => _scene.Messages(channel).Any(m => m.State == MessageState.Dead), "the first was not laid aside by itself"); // the digest came first
        _robot.Always = null;
        await _scene.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _scene.Messages(channel).All(m => m.EndedAt is not null);
            },
            "the others were held up");
        Assert.Contains(_scene.Messages(channel), m => m.State == MessageState.Sent);
    }

    [Fact]
    public async Task AHubThatIsStopped_AndStarted_SendsWhatWaited_Once()
    {
        Guid channel = await ChannelAsync(RobotBrand.WeCom);
        await _scene.StopAsync();
        await _scene.AddAsync(Notices.Notice(group: "a"), channel);
        await _scene.AddAsync(Notices.Notice(group: "b"), channel);
        long first = _scene.Messages(channel)[0].Id;
        await _scene.Store.BeginAsync([first], new AlertChannelHealth { ChannelId = channel, Tokens = 3, TokensAt = _time.Now }, Guid.NewGuid(), _time.Now, CancellationToken.None); // died while sending
        await _scene.StartAsync();
        await SettledAsync(channel);
        Assert.Equal(2, _robot.Taken.Count);
        await _scene.StopAsync();
        await _scene.StartAsync();
        await SettledAsync(channel);
        Assert.Equal(2, _robot.Taken.Count);
    }

    [Fact]
    public async Task ASlowChannel_DoesNotHoldUpAnother()
    {
        Guid slow = await ChannelAsync(RobotBrand.WeCom);
        await using FakeRobot other = await FakeRobot.StartAsync(RobotBrand.Feishu, _time);
        await _scene.StopAsync();
        await _scene.DisposeAsync();
        _scene = DeliveryScene.Over(database, new DeliveryOptions { TrustedOrigins = [_robot.Origin, other.Origin], Timeout = TimeSpan.FromMinutes(1) }, _time);
        slow = await _scene.ChannelAsync(ChannelKind.WeCom, _robot.Address);
        Guid quick = await _scene.ChannelAsync(ChannelKind.Feishu, other.Address);
        _robot.Mood = RobotMood.Silent;
        await _scene.AddAsync(Notices.Notice(), slow, quick);
        await _scene.StartAsync();
        await _scene.UntilAsync(() => _robot.Messages.Count == 1 && _scene.Messages(quick)[0].State == MessageState.Sent, "the quick one waited for the slow one");
        Assert.Equal(MessageState.Sending, _scene.Messages(slow)[0].State);
        _robot.Mood = RobotMood.Well;
    }

    [Fact]
    public async Task NoSecret_IsInTheTablesOrInAnError()
    {
        Guid channel = await ChannelAsync(RobotBrand.DingTalk, "SEC0123456789");
        await _robot.DisposeAsync();
        await _scene.AddAsync(Notices.Notice(), channel);
        await _scene.UntilAsync(() => _scene.Messages(channel)[0].State == MessageState.Retry, "no failure was written down");
        string stored = await _scene.UseAsync(db => Task.FromResult(JsonSerializer.Serialize(new { Rows = db.Set<AlertChannel>().ToList(), Sent = db.Set<AlertMessage>().ToList(), How = db.Set<AlertChannelHealth>().ToList() })));
        Assert.DoesNotContain("SEC0123456789", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(_robot.Token, stored, StringComparison.Ordinal);
    }

    private async Task<Guid> ChannelAsync(RobotBrand brand, string? secret = null, string? keyword = null)
    {
        _robot = await FakeRobot.StartAsync(brand, _time);
        (_robot.Secret, _robot.Keyword) = (secret, keyword);
        _scene = DeliveryScene.Over(database, new DeliveryOptions { TrustedOrigins = [_robot.Origin], Timeout = TimeSpan.FromSeconds(1) }, _time);
        Guid channel = await _scene.ChannelAsync(Enum.Parse<ChannelKind>(brand.ToString()), _robot.Address, secret, c => c.Keyword = keyword ?? "");
        await _scene.StartAsync();
        return channel;
    }

    private async Task<DeliveryFault?> TriedAsync(Guid channel, Action<FakeRobot> with)
    {
        with(_robot);
        _time.Advance(TimeSpan.FromMinutes(1));
        return (await _scene.Loop.TryAsync(channel, CancellationToken.None)).Value.Fault;
    }

    private Task SettledAsync(Guid channel) => _scene.UntilAsync(() => _scene.Messages(channel).All(m => m.EndedAt is not null), "messages still wait");

    private static string ContentOf(RobotMessage message)
    {
        using JsonDocument json = JsonDocument.Parse(message.Body);
        return json.RootElement.GetProperty("markdown").GetProperty("content").GetString()!;
    }
}
