using Microsoft.Playwright;
using ThreeClassrooms.EndToEnd.Stage;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>A classroom dies shortly before its lesson: the county's desk says so by itself, somebody takes it on by keyboard, and it goes away when the room is back.</summary>
[Collection(nameof(FirstLane))]
public sealed class AlertStory
{
    private static readonly PageWaitForSelectorOptions Patience = new() { Timeout = 45_000 };

    [Fact]
    public async Task AFault_IsOnTheDesk_IsTakenOn_AndGoesAwayWhenItIsOver()
    {
        await using HubProcess hub = await HubProcess.StartAsync("--Mqtt:Mode=Managed", "--Mqtt:Port=0", "--Mqtt:Listen=127.0.0.1");
        var county = new CountyDesk(hub);
        await county.PlanAsync(TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(40));
        using AgentProcess agent = await county.ReceivingAgentAsync(0, "none");
        await Eventually.IsTrueAsync(
            () => agent.Process!.Lines.Any(l => l.Contains("Online at the broker", StringComparison.Ordinal)), TimeSpan.FromSeconds(40), () => agent.Process!.Tail());
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.SignInAsync(hub.Address, "county");
        await page.GotoAsync(new Uri(hub.Address, "/alerts").ToString());
        Assert.Equal(0, await page.Locator(".alert-line:has-text('断线')").CountAsync());

        agent.Kill();
        await page.WaitForSelectorAsync(".alert-line.severity-critical:has-text('断线')", Patience);
        string line = await page.InnerTextAsync(".alert-line:has-text('断线')");
        Assert.Contains("音乐教室", line, StringComparison.Ordinal);
        Assert.Contains("英语", line, StringComparison.Ordinal); // the lesson that is in danger
        await page.WaitForSelectorAsync(".mainnav .nav-count:not([hidden])", Patience);

        await page.FocusAsync(".alert-line:has-text('断线') .alert-open");
        await page.Keyboard.PressAsync("a");
        await page.WaitForSelectorAsync(".alert-line.is-calm:has-text('断线')", Patience);

        agent.StartAgain();
        await page.WaitForSelectorAsync(".alert-line:has-text('断线')", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached, Timeout = 45_000 });
        await page.ClickAsync(".alert-tabs a[href*='Past']");
        await page.ClickAsync(".past-alerts a:has-text('音乐教室')");
        Assert.Contains("开始处理", await page.InnerTextAsync(".diary"), StringComparison.Ordinal);
        Assert.Empty(hub.Errors);
    }
}
