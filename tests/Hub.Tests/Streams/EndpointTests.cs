using System.Net;
using System.Text.Json;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Hub.Tests.Streams;

public sealed class EndpointTests : IAsyncLifetime
{
    private const string Fingerprint =
        "sha-256 AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA";

    private MediaHost _host = null!;

    private static LocalTransport Local => new("abcd", "abcdefghijklmnopqrstuvwx", Fingerprint, []);

    private static string Publishing => WhipOffer.Create(
        Local, new LocalSources(new Ssrc(1), new Ssrc(2), new Ssrc(3), "c", "s"), CodecKind.Vp8, audio: true).Sdp;

    private static string Watching => WhepOffer.Create(Local).Sdp;

    public async Task InitializeAsync() => _host = await MediaHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Offer_IsAnswered_AndItsConnectionEndsOnDelete()
    {
        MediaTicket ticket = _host.Ticket("host", "host-camera", MediaDirection.Publish);
        using HttpResponseMessage answer = await _host.OfferAsync(ticket.Url, ticket.Token, Publishing);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("application/sdp", answer.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(answer.Headers.ETag);
        string sdp = await answer.Content.ReadAsStringAsync();
        Assert.Contains("a=ice-lite", sdp, StringComparison.Ordinal);
        Assert.Contains($" 127.0.0.1 {_host.Port} typ host", sdp, StringComparison.Ordinal);
        Assert.Contains("tcptype passive", sdp, StringComparison.Ordinal);

        string location = answer.Headers.Location!.ToString();
        using HttpResponseMessage ended = await _host.SendAsync(HttpMethod.Delete, location, ticket.Token);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        using HttpResponseMessage again = await _host.SendAsync(HttpMethod.Delete, location, ticket.Token);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task OffersUnderOneTicket_AreAFew_AnotherTicketIsLetIn()
    {
        MediaTicket ticket = _host.Ticket("host", "host-camera", MediaDirection.Publish);
        List<HttpStatusCode> answers = [];
        for (int offer = 0; offer < 20; offer++)
        {
            using HttpResponseMessage answer = await _host.OfferAsync(ticket.Url, ticket.Token, Publishing);
            answers.Add(answer.StatusCode);
        }

        Assert.Equal(8, answers.Count(a => a == HttpStatusCode.Created));
        Assert.Equal(12, answers.Count(a => a == HttpStatusCode.TooManyRequests));
        MediaTicket fresh = _host.Ticket("host", "host-camera", MediaDirection.Publish);
        using HttpResponseMessage again = await _host.OfferAsync(fresh.Url, fresh.Token, Publishing);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task Restart_IsAnsweredWithNewCredentials_AndTrickleWithNothing()
    {
        MediaTicket ticket = _host.Ticket("host", "host-camera", MediaDirection.Publish);
        using HttpResponseMessage answer = await _host.OfferAsync(ticket.Url, ticket.Token, Publishing);
        string location = answer.Headers.Location!.ToString();
        const string Type = "application/trickle-ice-sdpfrag";

        const string Candidate = "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n";
        string tag = answer.Headers.ETag!.ToString();

        using HttpResponseMessage untagged = await _host.SendAsync(HttpMethod.Patch, location, ticket.Token, Candidate, Type);
        Assert.Equal(HttpStatusCode.PreconditionRequired, untagged.StatusCode);
        using HttpResponseMessage trickle = await _host.SendAsync(HttpMethod.Patch, location, ticket.Token, Candidate, Type, tag);
        Assert.Equal(HttpStatusCode.NoContent, trickle.StatusCode);
        Assert.Equal(answer.Headers.ETag, trickle.Headers.ETag);

        using HttpResponseMessage restart = await _host.SendAsync(
            HttpMethod.Patch, location, ticket.Token, "a=ice-ufrag:efgh\r\na=ice-pwd:zzzzefghijklmnopqrstuvwx\r\n", Type, "*");
        Assert.Equal(HttpStatusCode.OK, restart.StatusCode);
        Assert.NotEqual(answer.Headers.ETag, restart.Headers.ETag);
        Assert.Contains("a=ice-ufrag:", await restart.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using HttpResponseMessage late = await _host.SendAsync(HttpMethod.Patch, location, ticket.Token, Candidate, Type, tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
    }

    [Fact]
    public async Task TicketThatIsMissingForgedOrExpired_Gets401()
    {
        MediaTicket expired = _host.Ticket("host", "host-camera", MediaDirection.Publish, DateTimeOffset.UtcNow.AddMinutes(-10));
        foreach (string? token in (string?[])[null, "abc", expired.Token, expired.Token + "A"])
        {
            using HttpResponseMessage answer = await _host.OfferAsync(expired.Url, token, Publishing);
            await AssertRefusedAsync(answer, HttpStatusCode.Unauthorized, ErrorCodes.BadTicket);
        }

        using HttpResponseMessage inQuery = await _host.OfferAsync(
            expired.Url + "?access_token=" + _host.Ticket("host", "host-camera", MediaDirection.Publish).Token, null, Publishing);
        Assert.Equal(HttpStatusCode.Unauthorized, inQuery.StatusCode);
    }

    [Fact]
    public async Task TicketForAnotherLessonStreamOrDirection_Gets403()
    {
        string token = _host.Ticket("r1", "r1-camera", MediaDirection.Publish).Token;
        foreach (string url in (string[])[$"/whip/{_host.Lesson}/host-camera", $"/whip/{Guid.NewGuid()}/r1-camera", $"/whep/{_host.Lesson}/r1-camera"])
        {
            using HttpResponseMessage answer = await _host.OfferAsync(url, token, Publishing);
            await AssertRefusedAsync(answer, HttpStatusCode.Forbidden, ErrorCodes.TicketForOther);
        }
    }

    [Fact]
    public async Task ConnectionOfAnother_CannotBeEnded()
    {
        MediaTicket mine = _host.Ticket("host", "host-camera", MediaDirection.Publish);
        using HttpResponseMessage answer = await _host.OfferAsync(mine.Url, mine.Token, Publishing);
        string location = answer.Headers.Location!.ToString();

        using HttpResponseMessage other = await _host.SendAsync(
            HttpMethod.Delete, location, _host.Ticket("r1", "r1-camera", MediaDirection.Publish).Token);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using HttpResponseMessage without = await _host.SendAsync(HttpMethod.Delete, location, null);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
    }

    [Fact]
    public async Task BadBodies_AreRefusedByKind()
    {
        MediaTicket ticket = _host.Ticket("host", "host-camera", MediaDirection.Publish);
        using HttpResponseMessage type = await _host.OfferAsync(ticket.Url, ticket.Token, Publishing, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, type.StatusCode);
        using HttpResponseMessage large = await _host.OfferAsync(ticket.Url, ticket.Token, new string('a', 65 * 1024));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using HttpResponseMessage garbage = await _host.OfferAsync(ticket.Url, ticket.Token, "hello");
        await AssertRefusedAsync(garbage, HttpStatusCode.UnprocessableEntity, ErrorCodes.BadOffer);
        using HttpResponseMessage codec = await _host.OfferAsync(
            ticket.Url, ticket.Token, Publishing.Replace("VP8/90000", "AV1/90000", StringComparison.Ordinal));
        await AssertRefusedAsync(codec, HttpStatusCode.NotAcceptable, ErrorCodes.CodecMismatch);
    }

    [Fact]
    public async Task StreamWithoutPublisher_AndClosedLesson_AreTold()
    {
        MediaTicket ticket = _host.Ticket("r1", "host-camera", MediaDirection.Watch);
        using HttpResponseMessage notLive = await _host.OfferAsync(ticket.Url, ticket.Token, Watching);
        await AssertRefusedAsync(notLive, HttpStatusCode.NotFound, ErrorCodes.StreamNotLive);
        Assert.NotNull(notLive.Headers.RetryAfter);

        _host.Server.CloseLesson(_host.Lesson);
        using HttpResponseMessage closed = await _host.OfferAsync(ticket.Url, ticket.Token, Watching);
        await AssertRefusedAsync(closed, HttpStatusCode.NotFound, ErrorCodes.LessonClosed);
    }

    [Fact]
    public async Task FullHub_SaysWhenToComeBack()
    {
        await using MediaHost small = await MediaHost.StartAsync(new StreamsOptions { MaxConnections = 1, SocketBuffer = 1 << 20 });
        MediaTicket ticket = small.Ticket("host", "host-camera", MediaDirection.Publish);
        using HttpResponseMessage first = await small.OfferAsync(ticket.Url, ticket.Token, Publishing);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using HttpResponseMessage second = await small.OfferAsync(ticket.Url, ticket.Token, Publishing);
        await AssertRefusedAsync(second, HttpStatusCode.ServiceUnavailable, ErrorCodes.HubFull);
        Assert.NotNull(second.Headers.RetryAfter);
    }

    [Fact]
    public async Task Flood_IsSlowedDown()
    {
        await using MediaHost slow = await MediaHost.StartAsync(new StreamsOptions { OffersPerSecond = 1, SocketBuffer = 1 << 20 });
        HttpStatusCode last = HttpStatusCode.OK;
        for (int i = 0; i < 40 && last != HttpStatusCode.TooManyRequests; i++)
        {
            using HttpResponseMessage answer = await slow.OfferAsync($"/whip/{slow.Lesson}/host-camera", "x", "");
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task PagesOfOtherOrigins_MayUseTheEndpoints()
    {
        using HttpResponseMessage preflight = await _host.SendAsync(HttpMethod.Options, $"/whep/{_host.Lesson}/host-camera", null);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("*", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    public async Task OtherMethods_AreToldWhatIsAllowed(string method)
    {
        foreach ((string url, string allowed) in ((string, string)[])[
            ($"/whip/{_host.Lesson}/host-camera", "OPTIONS, POST"), ($"/whep/{_host.Lesson}/host-camera", "OPTIONS, POST"), ("/media/abc", "DELETE, OPTIONS, PATCH")])
        {
            using HttpResponseMessage answer = await _host.SendAsync(new HttpMethod(method), url, null);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
            Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
    }

    [Fact]
    public async Task EntityTags_AreReadAsAList()
    {
        MediaTicket ticket = _host.Ticket("host", "host-camera", MediaDirection.Publish);
        using HttpResponseMessage answer = await _host.OfferAsync(ticket.Url, ticket.Token, Publishing);
        (string location, string tag) = (answer.Headers.Location!.ToString(), answer.Headers.ETag!.ToString());
        foreach ((string tags, HttpStatusCode status) in ((string, HttpStatusCode)[])[
            ($"\"other\", {tag}", HttpStatusCode.NoContent), ($"W/{tag}", HttpStatusCode.PreconditionFailed), ("\"other\", \"another\"", HttpStatusCode.PreconditionFailed)])
        {
            using HttpResponseMessage patched = await _host.SendAsync(
                HttpMethod.Patch, location, ticket.Token, "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n", "application/trickle-ice-sdpfrag", tags);
            Assert.Equal(status, patched.StatusCode);
        }
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(problem.RootElement.GetProperty("detail").GetString()));
    }
}
