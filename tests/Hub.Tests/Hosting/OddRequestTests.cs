using System.Net;
using ThreeClassrooms.Hub.Tests.Pages;

namespace ThreeClassrooms.Hub.Tests.Hosting;

/// <summary>What no handler of a page answers is refused, never drawn: other verbs, other handlers' names, days that no calendar has.</summary>
public sealed class OddRequestTests(PagesHub hub) : IClassFixture<PagesHub>
{
    [Theory]
    [InlineData("PUT", "/timetable", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/schools", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/schools", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PROPFIND", "/", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/devices?handler=nosuch", HttpStatusCode.NotFound)]
    [InlineData("GET", "/schools?handler=nosuch", HttpStatusCode.NotFound)]
    [InlineData("GET", "/timetable?week=0001-01-01", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/timetable?week=9999-12-31", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/timetable?week=soon", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/?day=9999-12-31", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/?handler=Board&day=0001-01-01", HttpStatusCode.BadRequest)]
    [InlineData("HEAD", "/timetable", HttpStatusCode.OK)]
    public async Task OddRequest_IsRefused_WithAPageThatSaysWhatNext(string verb, string path, HttpStatusCode expected)
    {
        using HttpClient browser = await hub.SignedInAsync("county");
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(path, UriKind.Relative));
        HttpResponseMessage answer = await browser.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.MethodNotAllowed)
        {
            Assert.Contains("GET", answer.Content.Headers.Allow);
        }

        if (expected != HttpStatusCode.OK)
        {
            Assert.DoesNotContain("Error.", (await PagesHub.ReadAsync(answer)).QuerySelector(".message h1")!.TextContent, StringComparison.Ordinal);
        }
    }
}
