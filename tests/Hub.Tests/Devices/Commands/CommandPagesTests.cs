using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Pages;

namespace ThreeClassrooms.Hub.Tests.Devices.Commands;

/// <summary>The panel on a device's page and the page for many devices, as a browser without scripts sees them, and as htmx does.</summary>
public sealed class CommandPagesTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    [Fact]
    public async Task WithoutScripts_AsksAndShowsItOnTheDevicesPage_AndTakesItBack()
    {
        (string id, HttpClient county) = await SceneAsync(Roles.CountyStaff);
        IHtmlDocument page = await PagesHub.PageAsync(county, $"/devices/{id}");
        Assert.Equal(CommandRules.Offered.Count(), page.QuerySelectorAll("#commands button.command").Length);
        HttpResponseMessage asked = await PagesHub.PostAsync(county, page, $"/devices/{id}/commands?handler=Ask", new() { ["kind"] = "Identify" });
        Assert.Equal($"/devices/{id}#commands", asked.Headers.Location!.ToString());
        page = await PagesHub.PageAsync(county, $"/devices/{id}");
        Assert.Equal("Queued", page.QuerySelector(".command-row[data-command=Identify]")!.GetAttribute("data-state"));
        IHtmlDocument again = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, $"/devices/{id}/commands?handler=Ask", new() { ["kind"] = "Identify" }));
        Assert.NotNull(again.QuerySelector("#command-answer .is-bad"));
        string command = page.QuerySelector("input[name=command]")!.GetAttribute("value")!;
        await PagesHub.PostAsync(county, page, $"/devices/{id}/commands?handler=Cancel", new() { ["command"] = command });
        page = await PagesHub.PageAsync(county, $"/devices/{id}/commands");
        Assert.Equal("Cancelled", page.QuerySelector(".command-row[data-command=Identify]")!.GetAttribute("data-state"));
    }

    [Fact]
    public async Task WithScripts_TheAnswerComesAlone_WithTheLogBesideIt()
    {
        (string id, HttpClient county) = await SceneAsync(Roles.CountyStaff);
        IHtmlDocument page = await PagesHub.PageAsync(county, $"/devices/{id}");
        county.DefaultRequestHeaders.Add("HX-Request", "true");
        IHtmlDocument answer = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, $"/devices/{id}/commands?handler=Ask", new() { ["kind"] = "SelfCheck" }));
        Assert.Null(answer.QuerySelector("h1"));
        Assert.Equal("true", answer.QuerySelector("#command-log")!.GetAttribute("hx-swap-oob"));
        IHtmlDocument log = await PagesHub.PageAsync(county, $"/devices/{id}/commands?handler=Log");
        Assert.Null(log.QuerySelector("#command-log")!.GetAttribute("hx-swap-oob"));
        Assert.Contains("every 1s", log.QuerySelector("#command-log")!.GetAttribute("hx-trigger"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DuringALesson_TheSecondConfirmationIsAsked_AndDoesIt()
    {
        (string id, HttpClient county) = await SceneAsync(Roles.CountyStaff);
        var scene = new DeviceScene(host);
        await scene.LessonAsync(await scene.RoomAsync(), (await scene.DeviceAsync(id)).ClassroomId, TimeSpan.Zero);
        IHtmlDocument page = await PagesHub.PageAsync(county, $"/devices/{id}");
        IHtmlDocument ask = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, $"/devices/{id}/commands?handler=Ask", new() { ["kind"] = "RestartAgent" }));
        Assert.NotNull(ask.QuerySelector(".command-ask input[name=despiteLesson][value=true]"));
        Assert.Empty(await CommandsAsync(id));
        await PagesHub.PostAsync(county, page, $"/devices/{id}/commands?handler=Ask", new() { ["kind"] = "RestartAgent", ["despiteLesson"] = "true" });
        Assert.Equal(CommandKind.RestartAgent, Assert.Single(await CommandsAsync(id)).Kind);
        Assert.Contains("despite lesson", Assert.Single(await scene.AuditAsync(id), e => e.Action == AuditAction.SentCommand).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryRole_SeesAndMayWhatIsItsOwn()
    {
        (string id, HttpClient county) = await SceneAsync(Roles.CountyStaff);
        foreach (string role in Roles.All)
        {
            using HttpClient person = await host.SignedInAsync(role);
            bool everything = role is Roles.CountyStaff or Roles.SystemAdmin;
            foreach (string path in new[] { $"/devices/{id}/commands", $"/devices/{id}/commands?handler=Log", "/devices/together" })
            {
                HttpStatusCode code = (await person.GetAsync(new Uri(path, UriKind.Relative))).StatusCode;
                Assert.True(everything ? code == HttpStatusCode.OK : code == HttpStatusCode.Found, $"{role} {path}: {code}"); // to the page that says "not allowed"
            }

        }

        Assert.Equal(HttpStatusCode.NotFound, (await county.GetAsync(new Uri("/devices/agt-nobody/commands", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task ManyTogether_AreConfirmedFirst_ThenShownWithALineOfProgress()
    {
        (string one, HttpClient county) = await SceneAsync(Roles.CountyStaff);
        string two = (await host.EnrolAsync()).DeviceId;
        IHtmlDocument page = await PagesHub.PageAsync(county, "/devices/together");
        Assert.True(page.QuerySelectorAll("input[name=device]").Length >= 2);
        Assert.Equal(3, page.QuerySelectorAll("input[name=kind]").Length);
        IHtmlDocument none = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/devices/together?handler=Ask", new() { ["kind"] = "SelfCheck" }));
        Assert.NotNull(none.QuerySelector("[role=alert]"));
        HttpResponseMessage answer = await PostManyAsync(county, page, "/devices/together?handler=Ask", "SelfCheck", one, two);
        IHtmlDocument confirm = await PagesHub.ReadAsync(answer);
        Assert.Equal(2, confirm.QuerySelectorAll("form[action$=Do] input[name=device]").Length);
        Assert.Empty(await CommandsAsync(one));
        HttpResponseMessage done = await PostManyAsync(county, confirm, "/devices/together?handler=Do", "SelfCheck", one, two);
        IHtmlDocument course = await PagesHub.PageAsync(county, done.Headers.Location!.ToString());
        Assert.Equal(2, course.QuerySelectorAll(".together-list li").Length);
        Assert.Equal("2", course.QuerySelector("progress")!.GetAttribute("max"));
        Assert.Equal(2, (await CommandsAsync(one)).Count + (await CommandsAsync(two)).Count);
        Assert.Equal(HttpStatusCode.NotFound, (await county.GetAsync(new Uri($"/devices/together/{Guid.NewGuid()}", UriKind.Relative))).StatusCode);
    }

    private static Task<HttpResponseMessage> PostManyAsync(HttpClient browser, IHtmlDocument page, string path, string kind, params string[] devices) => browser.PostAsync(
        new Uri(path, UriKind.Relative),
        new FormUrlEncodedContent(
        [
            KeyValuePair.Create("__RequestVerificationToken", page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!),
            KeyValuePair.Create("kind", kind), .. devices.Select(d => KeyValuePair.Create("device", d)),
        ]));

    private Task<List<DeviceCommand>> CommandsAsync(string id) =>
        host.WithAsync<HubDbContext, List<DeviceCommand>>(db => db.Set<DeviceCommand>().AsNoTracking().Where(c => c.DeviceId == id).ToListAsync());

    private async Task<(string Id, HttpClient Person)> SceneAsync(string role)
    {
        EnrolResponse device = await host.EnrolAsync();
        HttpClient person = await host.SignedInAsync(role);

        // The antiforgery cookie beside that of the sign-in, as a browser would keep it.
        using HttpResponseMessage first = await person.GetAsync(new Uri($"/devices/{device.DeviceId}", UriKind.Relative));
        string cookies = string.Join("; ", [.. person.DefaultRequestHeaders.GetValues("Cookie"), .. first.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0])]);
        person.DefaultRequestHeaders.Remove("Cookie");
        person.DefaultRequestHeaders.Add("Cookie", cookies);
        return (device.DeviceId, person);
    }
}
