using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class OriginCheckTests(HubHost host) : IClassFixture<HubHost>
{
    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://localhost", HttpStatusCode.Forbidden)] // another scheme is another site
    [InlineData("ftp://localhost", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task LessonHub_IsClosedToPagesOfOtherSites(string? origin, HttpStatusCode expected)
    {
        using HttpClient client = await host.SignedInAsync("Teacher");
        using var request = new HttpRequestMessage(HttpMethod.Post, LessonHubNames.Path + "/negotiate?negotiateVersion=1")
        {
            Content = new StringContent("", Encoding.UTF8, "text/plain"),
        };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/credit/ledger?handler=Csv")]
    [InlineData("/lessons/none/record")]
    public async Task AnswersForOneWhoIsSignedIn_AreKeptByNoCache(string path)
    {
        using HttpClient client = await host.SignedInAsync("CountyStaff", "CountyAdmin");
        using HttpResponseMessage answer = await client.GetAsync(path);
        Assert.True(answer.Headers.CacheControl?.NoStore, $"{path}: {answer.StatusCode} {answer.Headers.CacheControl}");
    }

    [Theory]
    [InlineData("https://hub.county.example:8443", false)]
    [InlineData("http://hub.county.example:8443", true)]
    [InlineData("http://10.0.0.7:8080", false)]
    [InlineData("https://10.0.0.7:8080", true)]
    public void PublicAddress_CountsBesideTheOneThatTheRequestWentTo(string origin, bool foreign)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host, request.Headers.Origin) = ("http", new HostString("10.0.0.7:8080"), origin);
        Assert.Equal(foreign, OriginCheck.IsForeign(request, "https://hub.county.example:8443"));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/signin")]
    [InlineData("/nowhere")]
    [InlineData("/api/device/timetable")]
    public async Task EveryAnswer_CarriesTheSecurityHeaders(string path)
    {
        using HttpClient client = host.Anonymous();
        using HttpResponseMessage answer = await client.GetAsync(path);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }
}
