using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.TestKit.Robots;

/// <summary>Which service a fake stands for.</summary>
public enum RobotBrand
{
    DingTalk,
    WeCom,
    Feishu,
    Webhook,
}

/// <summary>What is wrong with a fake's next answers.</summary>
public enum RobotMood
{
    /// <summary>It answers as the service does.</summary>
    Well,

    /// <summary>It takes the message and breaks the connection off instead of answering.</summary>
    BreaksOff,

    /// <summary>It takes the message and never answers.</summary>
    Silent,

    /// <summary>HTTP 200 and a page that is no JSON.</summary>
    TalksHtml,

    /// <summary>HTTP 502.</summary>
    BadGateway,

    /// <summary>HTTP 307 to another address.</summary>
    Redirects,
}

/// <summary>A message as it came, with what was answered.</summary>
/// <param name="Code">0: taken.</param>
public sealed record RobotMessage(string Body, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, DateTimeOffset At, int Code);

/// <summary>
/// A robot on loopback that is as strict as the real one: token, signature, clock skew of an hour, keyword, 20 messages in any minute, sizes, and HTTP 200 with
/// a code in the body also when it refuses. Written from the services' documents, apart from the hub's code.
/// </summary>
public sealed class FakeRobot : IAsyncDisposable
{
    private const int PerMinute = 20;

    private readonly WebApplication _app;
    private readonly RobotBrand _brand;
    private readonly TimeProvider _clock;
    private readonly ConcurrentQueue<RobotMessage> _messages = new();
    private readonly List<DateTimeOffset> _recent = [];
    private readonly Lock _gate = new();
    private DateTimeOffset _throttledUntil;

    private FakeRobot(WebApplication app, RobotBrand brand, TimeProvider clock) => (_app, _brand, _clock) = (app, brand, clock);

    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Null: it asks for no signature.</summary>
    public string? Secret { get; set; }

    /// <summary>Null: it asks for no keyword.</summary>
    public string? Keyword { get; set; }

    public bool AllowsAddress { get; set; } = true;

    /// <summary>Its clock minus the given one.</summary>
    public TimeSpan Skew { get; set; }

    public RobotMood Mood { get; set; }

    /// <summary>Answers every message with this code and words; null: as it should.</summary>
    public (int Code, string Words)? Always { get; set; }

    public string Origin => _app.Urls.First();

    public string Address => _brand switch
    {
        RobotBrand.DingTalk => $"{Origin}/robot/send?access_token={Token}",
        RobotBrand.WeCom => $"{Origin}/cgi-bin/webhook/send?key={Token}",
        RobotBrand.Feishu => $"{Origin}/open-apis/bot/v2/hook/{Token}",
        _ => $"{Origin}/hooks/alerts",
    };

    /// <summary>All that came, also what was refused.</summary>
    public IReadOnlyList<RobotMessage> Messages => [.. _messages];

    public IReadOnlyList<RobotMessage> Taken => [.. _messages.Where(m => m.Code == 0)];

    public static async Task<FakeRobot> StartAsync(RobotBrand brand, TimeProvider? clock = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var robot = new FakeRobot(app, brand, clock ?? TimeProvider.System);
        app.Run(robot.AnswerAsync);
        await app.StartAsync();
        return robot;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)); // a silent one still holds a request
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        string body = await reader.ReadToEndAsync();
        DateTimeOffset now = _clock.GetUtcNow() + Skew;
        (int code, string words) = Mood == RobotMood.Well ? Always ?? Judge(http.Request, body, now) : (-2, "");
        _messages.Enqueue(new RobotMessage(
            body, http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()), now, code));
        http.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
        switch (Mood)
        {
            case RobotMood.BreaksOff:
                http.Abort();
                return;
            case RobotMood.Silent:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case RobotMood.TalksHtml:
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync("<html>请先登录校园网</html>");
                return;
            case RobotMood.BadGateway:
                http.Response.StatusCode = 502;
                return;
            case RobotMood.Redirects:
                http.Response.Redirect("http://127.0.0.1:9/", permanent: false, preserveMethod: true);
                return;
        }

        if (_brand == RobotBrand.Webhook)
        {
            http.Response.StatusCode = code == 0 ? 204 : code;
            return;
        }

        http.Response.ContentType = "application/json";
        (string codeName, string wordsName) = _brand == RobotBrand.Feishu ? ("code", "msg") : ("errcode", "errmsg");
        await http.Response.WriteAsync(JsonSerializer.Serialize(new Dictionary<string, object> { [codeName] = code, [wordsName] = words }));
    }

    private (int Code, string Words) Judge(HttpRequest request, string body, DateTimeOffset now) => _brand switch
    {
        RobotBrand.DingTalk => OfDingTalk(request, body, now),
        RobotBrand.WeCom => OfWeCom(request, body, now),
        RobotBrand.Feishu => OfFeishu(request, body, now),
        _ => OfWebhook(request, body, now),
    };

    private (int Code, string Words) OfDingTalk(HttpRequest request, string body, DateTimeOffset now)
    {
        if (request.Query["access_token"] != Token)
        {
            return (300001, "token is not exist");
        }

        if (Throttled(now, TimeSpan.FromMinutes(10)))
        {
            return (130101, "send too fast, exceed 20 times per minute");
        }

        if (Secret is not null)
        {
            if (!long.TryParse(request.Query["timestamp"], out long at) || (now - DateTimeOffset.FromUnixTimeMilliseconds(at)).Duration() > TimeSpan.FromHours(1))
            {
                return (310000, "invalid timestamp");
            }

            string expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{at}\n{Secret}")));
            if (request.Query["sign"] != expected)
            {
                return (310000, "sign not match");
            }
        }

        return !AllowsAddress ? (310000, "ip 10.1.2.3 not in whitelist") : Misses(body) ? (310000, "keywords not in content") : ShapeOf(body, "msgtype", 20_000, 40035);
    }

    private (int Code, string Words) OfWeCom(HttpRequest request, string body, DateTimeOffset now)
    {
        if (request.Query["key"] != Token)
        {
            return (93000, "invalid webhook url, hint: [1]");
        }

        if (Throttled(now, TimeSpan.Zero))
        {
            return (45009, "api freq out of limit");
        }

        using JsonDocument json = JsonDocument.Parse(body);
        string content = json.RootElement.GetProperty("markdown").GetProperty("content").GetString()!;
        return Encoding.UTF8.GetByteCount(content) > 4096 ? (40058, "markdown.content exceed max length 4096") : (0, "ok");
    }

    private (int Code, string Words) OfFeishu(HttpRequest request, string body, DateTimeOffset now)
    {
        if (request.Path != $"/open-apis/bot/v2/hook/{Token}")
        {
            return (19001, "param invalid: incoming webhook access token invalid");
        }

        if (Throttled(now, TimeSpan.Zero))
        {
            return (11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]");
        }

        using JsonDocument json = JsonDocument.Parse(body);
        if (Secret is not null)
        {
            string? at = json.RootElement.TryGetProperty("timestamp", out JsonElement time) ? time.GetString() : null;
            string? sign = json.RootElement.TryGetProperty("sign", out JsonElement given) ? given.GetString() : null;
            string expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{at}\n{Secret}"), Array.Empty<byte>()));
            if (!long.TryParse(at, out long seconds) || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > TimeSpan.FromHours(1) || sign != expected)
            {
                return (19021, "sign match fail or timestamp is not within one hour from current time");
            }
        }

        return !AllowsAddress ? (19022, "Ip Not Allowed") : Misses(body) ? (19024, "Key Words Not Found") : ShapeOf(body, "msg_type", 20 << 10, 9499);
    }

    private (int Code, string Words) OfWebhook(HttpRequest request, string body, DateTimeOffset now)
    {
        if (Secret is null)
        {
            return (0, "");
        }

        string at = request.Headers["X-ThreeClassrooms-Timestamp"].ToString();
        string expected = "v1=" + Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{at}.{body}"))).ToLowerInvariant();
        return long.TryParse(at, out long seconds) && (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() < TimeSpan.FromHours(1)
            && request.Headers["X-ThreeClassrooms-Signature"] == expected ? (0, "") : (401, "");
    }

    private bool Misses(string body) => Keyword is not null && !body.Contains(Keyword, StringComparison.Ordinal);

    private static (int Code, string Words) ShapeOf(string body, string type, int most, int bad)
    {
        using JsonDocument json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty(type, out _) && Encoding.UTF8.GetByteCount(body) <= most ? (0, "ok") : (bad, "bad request");
    }

    /// <summary>The 21st within a minute is refused; DingTalk is then deaf for ten minutes.</summary>
    private bool Throttled(DateTimeOffset now, TimeSpan deaf)
    {
        lock (_gate)
        {
            if (now < _throttledUntil)
            {
                return true;
            }

            _recent.RemoveAll(t => now - t >= TimeSpan.FromMinutes(1));
            if (_recent.Count >= PerMinute)
            {
                _throttledUntil = now + deaf;
                return true;
            }

            _recent.Add(now);
            return false;
        }
    }
}
