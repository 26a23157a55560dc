using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>What is not a good offer under a good ticket for this very address is refused with its reason, and nothing else happens.</summary>
[Collection(nameof(FirstLane))]
public sealed class TicketStory : IAsyncLifetime
{
    private const string Sdp = "application/sdp";

    private static readonly HttpClient Http = new();

    private HubProcess _hub = null!;
    private TicketOffice _tickets = null!;
    private CountyDesk _desk = null!;
    private Guid _lesson;

    public async Task InitializeAsync()
    {
        _hub = await HubProcess.StartAsync();
        _desk = new CountyDesk(_hub);
        _tickets = new TicketOffice(_hub);
        _lesson = await _desk.PlanAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
        await _desk.FactAsync(_lesson, LessonFactKind.Opened, TimeSpan.FromSeconds(20));
    }

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task TicketsThatDoNotFit_AreRefused()
    {
        MediaTicket publish = _tickets.Publish(_lesson, "host", StreamIds.HostCamera), watch = _tickets.Watch(_lesson, "r1", StreamIds.HostCamera);
        string forged = publish.Token[..^4] + (publish.Token.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        foreach (string url in (string[])[publish.Url, watch.Url])
        {
            await RefusedAsync(url, null, HttpStatusCode.Unauthorized, ErrorCodes.BadTicket);
            await RefusedAsync(url, "garbage", HttpStatusCode.Unauthorized, ErrorCodes.BadTicket);
            await RefusedAsync(url, new string('x', 4000), HttpStatusCode.Unauthorized, ErrorCodes.BadTicket);
            await RefusedAsync(url, forged, HttpStatusCode.Unauthorized, ErrorCodes.BadTicket);
            await RefusedAsync(url, _tickets.Watch(_lesson, "r1", StreamIds.HostCamera, ago: TimeSpan.FromHours(1)).Token, HttpStatusCode.Unauthorized, ErrorCodes.BadTicket);
            await RefusedAsync(url, _tickets.Watch(Guid.NewGuid(), "r1", StreamIds.HostCamera).Token, HttpStatusCode.Forbidden, ErrorCodes.TicketForOther);
            await RefusedAsync(url, _tickets.Publish(_lesson, "r1", "r1-camera").Token, HttpStatusCode.Forbidden, ErrorCodes.TicketForOther);
        }

        await RefusedAsync(publish.Url, watch.Token, HttpStatusCode.Forbidden, ErrorCodes.TicketForOther);
        await RefusedAsync(watch.Url, publish.Token, HttpStatusCode.Forbidden, ErrorCodes.TicketForOther);
        await NothingHappenedAsync();
    }

    [Fact]
    public async Task OffersThatCannotBeRead_AreRefused()
    {
        MediaTicket ticket = _tickets.Publish(_lesson, "host", StreamIds.HostCamera);
        await RefusedAsync(ticket.Url, ticket.Token, HttpStatusCode.UnprocessableEntity, ErrorCodes.BadOffer, "this is no description");
        await RefusedAsync(ticket.Url, ticket.Token, HttpStatusCode.UnprocessableEntity, ErrorCodes.BadOffer, "");
        await RefusedAsync(ticket.Url, ticket.Token, HttpStatusCode.UnprocessableEntity, ErrorCodes.BadOffer, "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");
        await RefusedAsync(ticket.Url, ticket.Token, HttpStatusCode.RequestEntityTooLarge, ErrorCodes.BadOffer, "v=0\r\n" + new string('a', 100_000));
        await RefusedAsync(ticket.Url, ticket.Token, HttpStatusCode.UnsupportedMediaType, ErrorCodes.BadOffer, "{}", "application/json");
        MediaTicket nowhere = _tickets.Publish(Guid.NewGuid(), "host", StreamIds.HostCamera);
        await RefusedAsync(nowhere.Url, nowhere.Token, HttpStatusCode.NotFound, ErrorCodes.LessonClosed, "v=0\r\n");
        await NothingHappenedAsync();
    }

    private async Task RefusedAsync(string url, string? token, HttpStatusCode status, string code, string body = "v=0\r\n", string type = Sdp)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_hub.Address, url)) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using HttpResponseMessage response = await Http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        Assert.Null(response.Headers.Location);
    }

    /// <summary>No stream came up, and the hub works: it says so and has nothing to complain of.</summary>
    private async Task NothingHappenedAsync()
    {
        Assert.Equal("ok", await Http.GetStringAsync(new Uri(_hub.Address, "/healthz")));
        Assert.DoesNotContain(await _desk.FactsAsync(_lesson), f => f.Kind is LessonFactKind.StreamUp or LessonFactKind.SeatJoined);
        Assert.Empty(_hub.Errors);
    }
}
