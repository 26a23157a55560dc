using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;

/// <summary>Posts one message to a robot or a webhook. Never throws for what the other side does; follows no redirect, uses no proxy. Thread-safe.</summary>
internal sealed class RobotSender : IDisposable
{
    private const int LongestAnswer = 64 << 10;

    private readonly DeliveryOptions _options;
    private readonly TimeProvider _clock;
    private readonly ConnectGuard _guard;
    private readonly HttpClient _client;

    public RobotSender(DeliveryOptions options, ConnectGuard guard, TimeProvider clock)
    {
        (_options, _guard, _clock) = (options, guard, clock);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16, // KB
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = async (context, cancel) => new NetworkStream(
                await guard.ConnectAsync(context.InitialRequestMessage.RequestUri!.Scheme, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel), ownsSocket: true),
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _client.Dispose();

    /// <param name="delivery">The same when the same messages are sent again.</param>
    public async Task<DeliveryOutcome> SendAsync(Channel channel, ChannelSecrets secrets, byte[] body, string delivery, CancellationToken stop)
    {
        if (!Uri.TryCreate(secrets.Address, UriKind.Absolute, out Uri? address) || !_guard.Allows(channel.Kind, address))
        {
            return DeliveryOutcome.Failed(DeliveryFault.ForbiddenAddress);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using HttpRequestMessage request = RequestOf(channel.Kind, address, secrets.Key, body, delivery);
            using HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            byte[] said = await ReadAsync(answer.Content, limit.Token);
            return RobotAnswer.Read(channel.Kind, answer.StatusCode, said, WaitOf(answer.Headers.RetryAfter), answer.Headers.Date - _clock.GetUtcNow());
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return DeliveryOutcome.Failed(DeliveryFault.Timeout);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException)
        {
            return OfFault(fault);
        }
    }

    /// <summary>What was wrong with a connection. The exception's own words may hold the address, and with it the token: only the kind is told.</summary>
    internal static DeliveryOutcome OfFault(Exception fault)
    {
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case ForbiddenAddressException:
                    return DeliveryOutcome.Failed(DeliveryFault.ForbiddenAddress);
                case AuthenticationException:
                    return DeliveryOutcome.Failed(DeliveryFault.NoTrust);
                case SocketException socket:
                    return DeliveryOutcome.Failed(DeliveryFault.Unreachable, socket.SocketErrorCode.ToString());
            }
        }

        return DeliveryOutcome.Failed(DeliveryFault.Unreachable, (fault as HttpRequestException)?.HttpRequestError.ToString());
    }

    private HttpRequestMessage RequestOf(ChannelKind kind, Uri address, string? key, byte[] body, string delivery)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, kind == ChannelKind.DingTalk && key is not null ? Signed(address, key, now.ToUnixTimeMilliseconds()) : address)
        {
            Version = HttpVersion.Version11,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } },
        };
        if (kind == ChannelKind.Webhook)
        {
            request.Headers.Add(WebhookMessage.DeliveryHeader, delivery);
            if (key is not null)
            {
                long seconds = now.ToUnixTimeSeconds();
                request.Headers.Add(WebhookMessage.TimestampHeader, seconds.ToString(CultureInfo.InvariantCulture));
                request.Headers.Add(WebhookMessage.SignatureHeader, RobotSignature.Webhook(key, seconds, body));
            }
        }

        return request;
    }

    private static Uri Signed(Uri address, string secret, long milliseconds) => new UriBuilder(address)
    {
        Query = string.Create(
            CultureInfo.InvariantCulture,
            $"{address.Query.TrimStart('?')}&timestamp={milliseconds}&sign={Uri.EscapeDataString(RobotSignature.DingTalk(secret, milliseconds))}"),
    }.Uri;

    private TimeSpan? WaitOf(RetryConditionHeaderValue? asked) =>
        asked?.Delta ?? (asked?.Date is { } until && until > _clock.GetUtcNow() ? until - _clock.GetUtcNow() : null);

    /// <summary>The beginning; what is beyond no robot says.</summary>
    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancel)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancel);
        byte[] buffer = new byte[LongestAnswer];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return buffer[..length];
    }
}
