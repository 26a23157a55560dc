using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Pages;

/// <summary>The hub with the demo county, as a browser without scripts sees it.</summary>
public sealed class PagesHub : WebApplicationFactory<Program>
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "hub-pages-" + Guid.NewGuid().ToString("N"));

    /// <summary>Options by key; set before the first use of the host.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>A browser that accepts Chinese, keeps cookies and follows no redirects.</summary>
    public HttpClient Browser(string language = "zh-CN")
    {
        HttpClient client = CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        return client;
    }

    /// <summary>Signs in through the page's own form.</summary>
    public async Task<HttpClient> SignedInAsync(string login, string language = "zh-CN")
    {
        HttpClient browser = Browser(language);
        HttpResponseMessage answer = await SignInAsync(browser, login, "Qingchuan2026");
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return browser;
    }

    public static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string login, string password)
    {
        IHtmlDocument page = await PageAsync(browser, "/signin");
        return await PostAsync(browser, page, "/signin", new() { ["user"] = login, ["password"] = password });
    }

    /// <summary>Posts a form with the page's antiforgery token.</summary>
    public static Task<HttpResponseMessage> PostAsync(HttpClient browser, IHtmlDocument page, string path, Dictionary<string, string> fields)
    {
        fields["__RequestVerificationToken"] = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return browser.PostAsync(new Uri(path, UriKind.Relative), new FormUrlEncodedContent(fields));
    }

    /// <param name="expected">None: 200.</param>
    public static async Task<IHtmlDocument> PageAsync(HttpClient browser, string path, params HttpStatusCode[] expected)
    {
        HttpResponseMessage answer = await browser.GetAsync(new Uri(path, UriKind.Relative));
        Assert.True((expected is [] ? [HttpStatusCode.OK] : expected).Contains(answer.StatusCode), $"{path}: {answer.StatusCode} {answer.Headers.Location}");
        return await ReadAsync(answer);
    }

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer) => new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());

    internal async Task<T> WithAsync<T>(Func<HubDbContext, Task<T>> use)
    {
        await using AsyncServiceScope scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<HubDbContext>());
    }

    /// <summary>A lesson of Wang Xiulan's that lies ahead.</summary>
    internal Task<Occurrence> LessonAsync() => WithAsync(db => db.Set<Occurrence>().AsNoTracking().WithSeats()
        .Where(o => db.Set<Hub.Accounts.Account>().Any(a => a.Id == o.Lecturer.AccountId && a.UserName == "wangxiulan"))
        .OrderByDescending(o => o.StartsAt).FirstAsync());

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Hub:DataFolder", _folder);
        builder.UseSetting("Hub:Port", FreePort().ToString(CultureInfo.InvariantCulture));
        builder.UseSetting("Hub:SeedCounty", "demo-county.json");
        builder.UseSetting("Accounts:SignInsPerMinute", "1000");
        builder.UseSetting("Mqtt:Mode", "Off");
        builder.UseSetting("Serilog:MinimumLevel", "Error");
        foreach ((string key, string value) in Settings)
        {
            builder.UseSetting(key, value);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(_folder))
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
