using System.Net;
using System.Text;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class OriginCheckTests(HubHost host) : IClassFixture<HubHost>
{
    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
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
