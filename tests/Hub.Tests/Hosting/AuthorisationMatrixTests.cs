using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Tests.Hosting;

/// <summary>Every endpoint of the hub and who may reach it. A new endpoint fails here until it is listed.</summary>
public sealed class AuthorisationMatrixTests(HubHost host) : IClassFixture<HubHost>
{
    private const string Anybody = "anybody";
    private const string People = "people";
    private const string PersonOrDevice = HubPolicies.PersonOrDevice;
    private const string Device = HubPolicies.Device;

    /// <summary>Pattern, then the policy; <see cref="Anybody"/> needs no sign-in, <see cref="People"/> any signed-in person.</summary>
    private static readonly Dictionary<string, string> Matrix = new(StringComparer.OrdinalIgnoreCase)
    {
        ["/healthz"] = Anybody,
        ["/readyz"] = Anybody,
        ["/api/enrol"] = Anybody,
        ["/api/device/token"] = Anybody,
        ["/api/device/timetable"] = Device,
        ["/api/device/mqtt"] = Device,
        ["/api/device/streams/{epoch:guid}/{stream}/{from:long}"] = Device,
        ["/api/device/commands/{id:guid}/file"] = Device,
        ["/api/device/releases/{version}"] = Device,
        ["/api/device/releases/{version}/package"] = Device,
        // A random ticket from the room's screen, then the session it was exchanged for, decide; the page itself is empty.
        ["/room"] = Anybody,
        ["/api/room/open"] = Anybody,
        ["/api/room/ask"] = Anybody,
        ["/hubs/lesson"] = PersonOrDevice,
        ["/hubs/lesson/negotiate"] = PersonOrDevice,

        // The ticket decides: it names lesson, seat, stream and direction.
        ["/whip/{lessonId:guid}/{streamId}"] = Anybody,
        ["/whep/{lessonId:guid}/{streamId}"] = Anybody,
        ["/media/{connectionId}"] = Anybody,

        // The page looks at the caller's scope itself.
        ["/"] = People,
        ["/alerts"] = People,
        ["/alerts/{id:guid}"] = People,
        ["/alerts/rules"] = People,
        ["/alerts/silences"] = People,
        ["/alerts/channels"] = People,
        ["/alerts/channels/{id:maxlength(40)}"] = People,
        ["/credit"] = People,
        ["/devices"] = People,
        ["/devices/{id:maxlength(40)}"] = People,
        ["/devices/{id:maxlength(40)}/commands"] = People,
        ["/devices/together"] = People,
        ["/devices/together/{id:guid}"] = People,
        ["/devices/enrol"] = People,
        ["/devices/enrol/{room:guid}"] = People,
        ["/devices/away"] = People,
        ["/devices/evidence"] = People,
        ["/devices/updates"] = People,
        ["/devices/updates/{id:guid}"] = People,
        ["/devices/updates/start"] = People,
        ["/devices/updates/upload"] = HubPolicies.DeviceStaff,
        ["/devices/uptime"] = People,
        ["/lessons/{id:guid}/live"] = People,
        ["/lessons/{id:guid}/observe"] = People,
        ["/lessons/{id:guid}/record"] = People,
        ["/recordings/{id:guid}/file"] = People,
        ["/schools"] = People,
        ["/timetable"] = People,
        ["/timetable/new"] = People,

        ["/session"] = Anybody,
        ["/signin"] = Anybody,
        ["/sign-out"] = Anybody,
        ["/denied"] = Anybody,
        ["/error/{code:int?}"] = Anybody,
        ["/language"] = Anybody,
        ["/{**path:file}"] = People,
    };

    [Fact]
    public void EveryEndpoint_IsListedWithItsPolicy()
    {
        List<string> wrong = [];
        foreach (RouteEndpoint endpoint in Endpoints())
        {
            string pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (!Matrix.TryGetValue(pattern, out string? expected))
            {
                wrong.Add($"{pattern}: not listed, is {PolicyOf(endpoint)}");
            }
            else if (PolicyOf(endpoint) != expected)
            {
                wrong.Add($"{pattern}: is {PolicyOf(endpoint)}, listed as {expected}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task WithoutSigningIn_OnlyTheListedAnswer()
    {
        using HttpClient client = host.Anonymous();
        foreach (RouteEndpoint endpoint in Endpoints().Where(e => PolicyOf(e) != Anybody))
        {
            string method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            using var request = new HttpRequestMessage(new HttpMethod(method), Filled(endpoint));
            using HttpResponseMessage answer = await client.SendAsync(request);
            Assert.True(
                answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Found,
                $"{method} {endpoint.RoutePattern.RawText}: {answer.StatusCode}");
            if (answer.StatusCode == HttpStatusCode.Found)
            {
                Assert.StartsWith("/signin", new Uri(new Uri("http://localhost"), answer.Headers.Location!).AbsolutePath, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("/api/device/timetable")]
    public async Task DeviceApi_TakesNoCookies(string path)
    {
        using HttpClient person = await host.SignedInAsync(Roles.All.ToArray());
        using HttpResponseMessage answer = await person.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private IEnumerable<RouteEndpoint> Endpoints() => host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null); // files of wwwroot: for anybody by design

    private static string PolicyOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? Anybody
        : endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null) ?? People;

    private static string Filled(RouteEndpoint endpoint) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter when parameter.Name is "streamId" => "host-camera",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter when parameter.Name is "from" => "1",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart => Guid.Empty.ToString(),
            _ => "",
        }))));
}
