using System.Text.Json;
using Microsoft.Playwright;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>The distribution's Chromium, headless, with a fake camera and microphone and a real encoder.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>To be prepared with: keeps the page's WebRTC connections in <c>window.__connections</c>, for questions that the page does not answer.</summary>
    public const string KeepConnections =
        """
        window.__connections = [];
        const Native = window.RTCPeerConnection;
        window.RTCPeerConnection = class extends Native { constructor(...args) { super(...args); window.__connections.push(this); } };
        """;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                "--autoplay-policy=no-user-gesture-required", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
            ],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A page of a signed-in person.</summary>
    /// <param name="prepare">Script that runs before every page's own; null: none.</param>
    public async Task<IPage> SignInAsync(Uri hub, string login, int width = 1440, int height = 900, string language = "zh-CN", string? prepare = null)
    {
        IPage page = await OpenAsync(hub, width, height, language, prepare);
        await page.FillAsync("#user", login);
        await page.FillAsync("#password", CountyDesk.Password);
        await page.ClickAsync(".signin-form [type=submit]");
        await page.WaitForURLAsync(url => !url.Contains("signin", StringComparison.OrdinalIgnoreCase));
        return page;
    }

    /// <summary>Teaches as the lecturer: signs in, opens the lesson's live page and presses "start" as soon as it can be pressed.</summary>
    /// <param name="codec">What is sent, <c>vp8</c> or <c>h264</c>; null: what the page chooses.</param>
    /// <param name="prepare">Script that runs before every page's own; null: none.</param>
    public async Task<IPage> TeachAsync(HubProcess hub, Guid lesson, string? codec = null, string? prepare = null)
    {
        IPage page = await SignInAsync(hub.Address, CountyDesk.Lecturer, prepare: prepare);
        await page.GotoAsync(new Uri(hub.Address, $"/lessons/{lesson}/live{(codec is null ? "" : "?codec=" + codec)}").ToString());
        await page.WaitForSelectorAsync("#start:not([disabled])", new PageWaitForSelectorOptions { Timeout = 40_000 });
        await page.ClickAsync("#start");
        if (await page.Locator("#start-dialog[open]").CountAsync() > 0)
        {
            await page.ClickAsync("#start-confirm"); // rooms are missing, or it is early: the page asks
        }

        return page;
    }

    /// <summary>The first page that somebody sees who has not signed in.</summary>
    /// <param name="prepare">Script that runs before every page's own; null: none.</param>
    public async Task<IPage> OpenAsync(Uri hub, int width = 1440, int height = 900, string language = "zh-CN", string? prepare = null)
    {
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = language,
            Permissions = ["camera", "microphone"],
        });
        if (prepare is not null)
        {
            await context.AddInitScriptAsync(prepare);
        }

        IPage page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(hub, "/").ToString());
        return page;
    }

    /// <summary>What the live page says of itself (<c>window.__live</c>).</summary>
    public static async Task<JsonElement> LiveAsync(IPage page) =>
        JsonDocument.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(Object.fromEntries(Object.keys(window.__live ?? {}).map(k => [k, window.__live[k]])))")).RootElement;

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
