using System.Diagnostics;
using System.IO.Compression;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ThreeClassrooms.EndToEnd.Stage;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>Staff ask something of a running classroom's device and see the answer on its page, which is never loaded anew.</summary>
[Collection(nameof(FirstLane))]
public sealed class CommandStory(ITestOutputHelper output)
{
    [Fact]
    public async Task SelfCheckAndIdentify_AreAnsweredOnTheDevicesPage_ARestartWhenTheAgentIsBack()
    {
        using Screen screen = await Screen.StartAsync();
        await using HubProcess hub = await HubProcess.StartAsync("--Mqtt:Mode=Managed", "--Mqtt:Port=0", "--Mqtt:Listen=127.0.0.1");
        using AgentProcess agent = await AgentProcess.StartOnScreenAsync(hub.Address, await new CountyDesk(hub).CodeAsync(0), screen.Display);
        await Eventually.IsTrueAsync(
            () => agent.Process!.Lines.Any(l => l.Contains("Online at the broker", StringComparison.Ordinal)), TimeSpan.FromSeconds(40), () => agent.Process!.Tail());
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.SignInAsync(hub.Address, "county", width: 1366);
        await page.GotoAsync(new Uri(hub.Address, "/devices").ToString());
        await page.ClickAsync(".room-row a[href^='/devices/agt']");
        await page.EvaluateAsync("() => window.__same = true");

        await PressAsync(page, "SelfCheck", "[data-state=Done]");
        await PressAsync(page, "Identify", "[data-state=Done]");
        await screen.KeepAsync("identify-card");
        Assert.Contains("个部件", await page.TextContentAsync(Row("SelfCheck", "[data-state=Done]") + " [data-say]"), StringComparison.Ordinal);
        await ExamineAsync(page, 1366, "commands-wide");

        // What has to go over HTTPS: the log, handed in by the agent and saved from the page.
        await page.ClickAsync(".command-more > summary");
        await PressAsync(page, "FetchLogs", "[data-state=Done]");
        IDownload log = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#command-log .command-file"));
        await using (var text = new GZipStream(await log.CreateReadStreamAsync(), CompressionMode.Decompress))
        {
            using var reader = new StreamReader(text);
            Assert.Contains("Online at the broker", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }

        // By keyboard: from one button to the next, and Enter.
        await page.FocusAsync("button[data-command=Identify]");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("RestartAgent", await page.EvaluateAsync<string>("() => document.activeElement.dataset.command"));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(Row("RestartAgent", "[data-state=Acked]"), new PageWaitForSelectorOptions { Timeout = 20_000 });
        await agent.Process!.ExitAsync(TimeSpan.FromSeconds(20));
        agent.StartAgain(); // as its service manager does
        await page.WaitForSelectorAsync(Row("RestartAgent", "[data-state=Done]"), new PageWaitForSelectorOptions { Timeout = 30_000 });
        await ExamineAsync(page, 390, "commands-phone");
        Assert.True(await page.EvaluateAsync<bool>("() => window.__same"));
        Assert.Empty(hub.Errors);
    }

    private static string Row(string kind, string state) => $"#command-log .command-row[data-command={kind}]{state}";

    private async Task PressAsync(IPage page, string kind, string state)
    {
        var watch = Stopwatch.StartNew();
        await page.ClickAsync($"button[data-command={kind}]");
        await page.WaitForSelectorAsync(Row(kind, state), new PageWaitForSelectorOptions { Timeout = 20_000 });
        output.WriteLine($"{kind}: on the page {watch.ElapsedMilliseconds} ms after the click");
    }

    private static async Task ExamineAsync(IPage page, int width, string name)
    {
        await page.SetViewportSizeAsync(width, 844);
        Assert.Equal(0, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screens")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        AxeResult found = await page.RunAxe();
        Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Nodes[0].Html}"));
    }
}
