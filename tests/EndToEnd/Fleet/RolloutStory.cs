using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ThreeClassrooms.EndToEnd.Stage;

namespace ThreeClassrooms.EndToEnd.Fleet;

/// <summary>Staff bring a new version to a simulated county in stages; the next one does not run, and the update stops by itself and says why.</summary>
[Collection(nameof(FirstLane))]
public sealed class RolloutStory
{
    private const int Devices = 7;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly Dictionary<string, string> English = new() { ["LANG"] = "en_GB.UTF-8", ["LC_ALL"] = "en_GB.UTF-8" };
    private static readonly PageWaitForSelectorOptions Soon = new() { Timeout = 40_000 };

    [Fact]
    public async Task AReleaseIsUploadedAndReachesAllInStages_ABadOneStopsAtThePilot()
    {
        await using HubProcess hub = await HubProcess.StartAsync("--Mqtt:Mode=Managed", "--Mqtt:Port=0", "--Mqtt:Listen=127.0.0.1", "--Devices:EnrolmentsPerMinute=1000");
        string codes = Path.Combine(hub.Folder, "codes.csv"), script = Path.Combine(hub.Folder, "faults"), folder = Path.Combine(hub.Folder, "simulated");
        using (ChildProcess list = ChildProcess.Start("dotnet", [Repository.Hub, "claim-code", "--rooms", "free", $"--Hub:DataFolder={hub.Folder}"]))
        {
            await list.ExitAsync(Patience);
            await File.WriteAllLinesAsync(codes, list.Lines.Where(l => l.Contains(',', StringComparison.Ordinal)));
        }

        await File.WriteAllTextAsync(script, $"badupdate {Devices} 1s 1h\n");
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.SignInAsync(hub.Address, "county", width: 1366);
        using (ChildProcess good = Simulate(hub, folder, "--codes", codes, "--faults", "none"))
        {
            await good.LineAsync(l => l.Contains($"All {Devices} devices are online", StringComparison.Ordinal), Patience);
            await UploadAsync(hub, page, "8.1.0");
            await StartAsync(page, "updates-preview");
            await page.EvaluateAsync("() => window.__same = true");
            await page.WaitForSelectorAsync($".rollout-counts [data-place=Done] b:text-is('{Devices}')", Soon);
            await page.WaitForSelectorAsync(".rollout-head .tag.is-good", Soon);
            Assert.Equal(2, await page.Locator(".stages li.is-past").CountAsync());
            Assert.True(await page.EvaluateAsync<bool>("() => window.__same"));
        }

        using ChildProcess bad = Simulate(hub, folder, "--faults", script);
        await bad.LineAsync(l => l.Contains($"All {Devices} devices are online", StringComparison.Ordinal), Patience);
        await UploadAsync(hub, page, "8.2.0");
        await StartAsync(page, null);
        await page.WaitForSelectorAsync(".rollout-head .tag.is-bad", Soon);
        await page.WaitForSelectorAsync(".rollout-failed li", Soon);
        Assert.Contains("退回", await page.TextContentAsync(".rollout-failed li"), StringComparison.Ordinal);
        Assert.Equal($"{Devices - 2}", await page.TextContentAsync(".rollout-counts [data-place=Later] b"));
        await ExamineAsync(page, 1366, "updates-stopped-wide");
        await page.GotoAsync(new Uri(hub.Address, "/devices/updates").ToString());
        await ExamineAsync(page, 1366, "updates-wide");
        await ExamineAsync(page, 390, "updates-phone");
        Assert.Empty(hub.Errors);
    }

    /// <summary>Through the page's own form.</summary>
    private static async Task UploadAsync(HubProcess hub, IPage page, string version)
    {
        await page.SetViewportSizeAsync(1366, 844);
        await page.GotoAsync(new Uri(hub.Address, "/devices/updates").ToString());
        await page.SetInputFilesAsync("#package", new FilePayload { Name = "agent.tar.gz", MimeType = "application/gzip", Buffer = PackageOf(version) });
        await page.ClickAsync("[data-upload] button[type=submit]");
        await page.WaitForSelectorAsync($".note.is-good:has-text('{version}')", Soon);
    }

    /// <summary>Chooses, sees what would be done, confirms; without time to watch.</summary>
    private static async Task StartAsync(IPage page, string? picture)
    {
        await page.ClickAsync(".page-actions a[href='/devices/updates/start']");
        await page.CheckAsync("input[name=shares][value='2;100%']");
        await page.ClickAsync(".start-more > summary");
        await page.SelectOptionAsync("#watch", "0");
        await page.ClickAsync(".start-form button[type=submit]");
        await page.WaitForSelectorAsync(".preview-stages", Soon);
        Assert.Equal(2, await page.Locator(".preview-stages li").CountAsync());
        if (picture is not null)
        {
            await ExamineAsync(page, 1366, picture);
        }

        await page.ClickAsync(".rollout-preview button.btn-primary");
        await page.WaitForSelectorAsync(".stages", Soon);
    }

    private static byte[] PackageOf(string version)
    {
        byte[] program = new byte[3 << 20]; // more than any other form of the hub takes
        Random.Shared.NextBytes(program);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Gnu))
        {
            foreach ((string name, byte[] content) in new[] { ("release.json", Encoding.UTF8.GetBytes($$"""{"version":"{{version}}"}""")), ("ThreeClassrooms.Agent.dll", program) })
            {
                tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return packed.ToArray();
    }

    private static ChildProcess Simulate(HubProcess hub, string folder, params string[] more) => ChildProcess.Start(
        "dotnet", [Repository.Agent, "simulate", "--hub", hub.Address.ToString(), "--count", $"{Devices}", "--folder", folder, .. more], environment: English);

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
