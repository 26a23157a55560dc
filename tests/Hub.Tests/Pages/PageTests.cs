using System.Net;
using AngleSharp.Html.Dom;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Pages;

/// <summary>Every page renders for the roles it is for and for nobody else.</summary>
public sealed class PageTests(PagesHub hub) : IClassFixture<PagesHub>
{
    [Theory]
    [InlineData("wangxiulan", "/", "/timetable", "/timetable/new", "/credit")]
    [InlineData("head", "/", "/timetable", "/timetable/new", "/credit", "/schools", "/devices", "/devices/uptime", "/devices/away", "/devices/evidence", "/alerts", "/alerts/silences")]
    [InlineData("inspector", "/", "/schools")]
    [InlineData("county", "/", "/timetable", "/timetable/new", "/credit", "/schools", "/devices", "/devices/enrol", "/devices/uptime", "/devices/away", "/devices/evidence", "/devices/updates", "/alerts", "/alerts/rules", "/alerts/silences", "/alerts?tab=Past")]
    [InlineData("credit", "/", "/timetable", "/credit", "/schools")]
    [InlineData("admin", "/schools", "/devices", "/devices/enrol", "/devices/updates", "/alerts", "/alerts/rules")]
    public async Task Pages_RenderForTheirRoles_InBothLanguages(string login, params string[] paths)
    {
        foreach (string language in new[] { "zh-CN", "en" })
        {
            using HttpClient browser = await hub.SignedInAsync(login, language);
            foreach (string path in paths)
            {
                IHtmlDocument page = await PagesHub.PageAsync(browser, path);
                Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
                Assert.Single(page.QuerySelectorAll("h1"));
                Assert.DoesNotContain(page.QuerySelectorAll("*[style], script:not([src]):not([type='application/json']), style"), _ => true);
                Assert.All(page.QuerySelectorAll(".mainnav a"), link => Assert.DoesNotContain("Nav.", link.TextContent, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("wangxiulan", "/schools")]
    [InlineData("inspector", "/credit")]
    [InlineData("inspector", "/timetable/new")]
    [InlineData("admin", "/credit")]
    [InlineData("wangxiulan", "/devices")]
    [InlineData("wangxiulan", "/devices/uptime")]
    [InlineData("wangxiulan", "/devices/away")]
    [InlineData("credit", "/devices/away?handler=Workbook")]
    [InlineData("inspector", "/devices")]
    [InlineData("inspector", "/devices/evidence")]
    [InlineData("inspector", "/devices/updates")]
    [InlineData("head", "/devices/updates")]
    [InlineData("head", "/devices/updates/start")]
    [InlineData("credit", "/devices/updates?handler=Now")]
    [InlineData("wangxiulan", "/devices/updates/upload")]
    [InlineData("credit", "/devices/uptime?handler=Workbook")]
    [InlineData("head", "/devices/enrol")]
    [InlineData("head", "/alerts/rules")]
    [InlineData("wangxiulan", "/alerts")]
    [InlineData("wangxiulan", "/alerts/silences")]
    [InlineData("inspector", "/alerts?handler=Board")]
    [InlineData("credit", "/alerts/11111111-1111-1111-1111-111111111111")]
    public async Task Pages_AreDenied_ToOtherRoles(string login, string path)
    {
        using HttpClient browser = await hub.SignedInAsync(login);
        HttpResponseMessage answer = await browser.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.StartsWith("/denied", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        HttpResponseMessage denied = await browser.GetAsync(answer.Headers.Location);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        Assert.NotNull((await PagesHub.ReadAsync(denied)).QuerySelector(".message h1"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/credit")]
    [InlineData("/schools")]
    [InlineData("/timetable")]
    public async Task Strangers_AreSentToTheSignInPage(string path)
    {
        using HttpClient browser = hub.Browser();
        HttpResponseMessage answer = await browser.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.StartsWith("/signin", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LiveRoom_IsTheLecturers_AndTheObserversViewIsNot()
    {
        Occurrence lesson = await hub.LessonAsync();
        using HttpClient lecturer = await hub.SignedInAsync("wangxiulan");
        using HttpClient inspector = await hub.SignedInAsync("inspector");
        IHtmlDocument room = await PagesHub.PageAsync(lecturer, $"/lessons/{lesson.Id}/live");
        Assert.Contains(lesson.Topic, room.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(lesson.Id.ToString(), room.GetElementById("live-config")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await PagesHub.PageAsync(inspector, $"/lessons/{lesson.Id}/observe")).QuerySelector(".observing"));
        Assert.Equal(HttpStatusCode.Found, (await inspector.GetAsync(new Uri($"/lessons/{lesson.Id}/live", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await lecturer.GetAsync(new Uri($"/lessons/{lesson.Id}/observe", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Record_IsForThoseWhoTookPart_AndForTheCounty()
    {
        Occurrence lesson = await hub.LessonAsync();
        using HttpClient lecturer = await hub.SignedInAsync("wangxiulan");
        using HttpClient county = await hub.SignedInAsync("county");
        using HttpClient stranger = await hub.SignedInAsync("zhaoyonghong");
        Assert.NotNull((await PagesHub.PageAsync(lecturer, $"/lessons/{lesson.Id}/record")).QuerySelector(".timeline svg rect"));
        await PagesHub.PageAsync(county, $"/lessons/{lesson.Id}/record");
        Assert.Equal(HttpStatusCode.Found, (await stranger.GetAsync(new Uri($"/lessons/{lesson.Id}/record", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await county.GetAsync(new Uri($"/lessons/{Guid.NewGuid()}/record", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task UnknownAddress_IsAPageThatSaysWhatNext()
    {
        using HttpClient browser = await hub.SignedInAsync("county");
        HttpResponseMessage answer = await browser.GetAsync(new Uri("/nowhere", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.NotNull((await PagesHub.ReadAsync(answer)).QuerySelector(".message a[href='/']"));
    }

    [Fact]
    public async Task WrongPassword_IsToldOnce_AndLocksAfterTheLimit()
    {
        using HttpClient browser = hub.Browser();
        string last = "";
        for (int i = 0; i < 6; i++)
        {
            HttpResponseMessage answer = await PagesHub.SignInAsync(browser, "yangxiaoyan", "not the password");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            last = (await PagesHub.ReadAsync(answer)).QuerySelector("[role=alert]")!.TextContent;
        }

        Assert.Contains("15", last, StringComparison.Ordinal); // the lock-out's minutes
    }

    [Fact]
    public async Task DemoAccounts_AreShown_BecauseThisHubRunsTheDemoCounty()
    {
        using HttpClient browser = hub.Browser();
        IHtmlDocument page = await PagesHub.PageAsync(browser, "/signin");
        Assert.Contains(page.QuerySelectorAll("[data-fill-user]"), b => b.GetAttribute("data-fill-user") == "wangxiulan");
    }

    [Fact]
    public async Task Language_IsKept_AndOnlyLocalAddressesAreGoneBackTo()
    {
        using HttpClient browser = hub.Browser();
        IHtmlDocument page = await PagesHub.PageAsync(browser, "/signin");
        HttpResponseMessage answer = await PagesHub.PostAsync(
            browser, page, "/language", new() { ["culture"] = "en", ["back"] = "https://elsewhere.example/" });
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
        Assert.Equal("en", (await PagesHub.PageAsync(browser, "/signin")).DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task EnrolmentCode_IsShownToTheCountyOnly()
    {
        Occurrence lesson = await hub.LessonAsync();
        string path = $"/devices/enrol/{lesson.Host.ClassroomId}";
        using HttpClient county = await hub.SignedInAsync("county");
        using HttpClient head = await hub.SignedInAsync("head");
        IHtmlDocument page = await PagesHub.PageAsync(county, path);
        IHtmlDocument issued = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, path, []));
        string code = issued.QuerySelector(".code")!.TextContent;
        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", code);
        Assert.Contains(code, issued.QuerySelector(".command code")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await head.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Cancelling_NeedsAReason_AndIsNotForOthers()
    {
        Occurrence lesson = await hub.LessonAsync();
        using HttpClient other = await hub.SignedInAsync("zhaoyonghong");
        IHtmlDocument page = await PagesHub.PageAsync(other, "/timetable");
        HttpResponseMessage refused = await PagesHub.PostAsync(
            other, page, "/timetable?handler=Cancel", new() { ["id"] = lesson.Id.ToString(), ["reason"] = "power cut" });
        Assert.Equal(HttpStatusCode.Found, refused.StatusCode);
        Assert.StartsWith("/denied", refused.Headers.Location!.PathAndQuery, StringComparison.Ordinal);

        using HttpClient lecturer = await hub.SignedInAsync("wangxiulan");
        page = await PagesHub.PageAsync(lecturer, "/timetable");
        HttpResponseMessage asked = await PagesHub.PostAsync(
            lecturer, page, FormattableString.Invariant($"/timetable?handler=Cancel&week={lesson.StartsAt.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd}"), new() { ["id"] = lesson.Id.ToString(), ["reason"] = "" });
        IHtmlDocument again = await PagesHub.ReadAsync(asked);
        Assert.NotNull(again.QuerySelector("[role=alert]"));

        // Only the question that was answered wrongly is asked again; nothing opens by itself on a page that was only looked at.
        Assert.Equal($"cancel-{lesson.Id}", Assert.Single(again.QuerySelectorAll("dialog.is-asked-again")).Id);
        Assert.Null(page.QuerySelector("dialog.is-asked-again"));
    }

    [Fact]
    public async Task Ledger_ComesAsAFileToo()
    {
        using HttpClient county = await hub.SignedInAsync("credit");
        HttpResponseMessage answer = await county.GetAsync(new Uri("/credit?handler=Export", UriKind.Relative));
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal([0xEF, 0xBB, 0xBF], (await answer.Content.ReadAsByteArrayAsync())[..3]);
    }

    [Fact]
    public async Task Answers_CarryThePolicyWithoutInlineExceptions()
    {
        using HttpClient browser = hub.Browser();
        HttpResponseMessage answer = await browser.GetAsync(new Uri("/signin", UriKind.Relative));
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }
}
