using System.Net;
using System.Text.Json;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;

/// <summary>Reads what a service answered. The robots say 200 also when they refuse: their body tells. Pure; never throws, whatever the bytes.</summary>
internal static class RobotAnswer
{
    /// <summary>DingTalk and Feishu take messages of an hour either way.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(55);

    /// <param name="skew">The service's clock minus the hub's, by the answer's Date; null: it has none.</param>
    public static DeliveryOutcome Read(ChannelKind kind, HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter, TimeSpan? skew)
    {
        if (OfStatus(status, retryAfter) is { } failed)
        {
            return failed;
        }

        if (kind == ChannelKind.Webhook)
        {
            return DeliveryOutcome.Sent;
        }

        (int? code, string words) = CodeOf(body, kind == ChannelKind.Feishu ? ("code", "msg") : ("errcode", "errmsg"));
        if (code is null && kind == ChannelKind.Feishu)
        {
            (code, words) = CodeOf(body, ("StatusCode", "StatusMessage")); // its older form
        }

        return code switch
        {
            null => DeliveryOutcome.Failed(DeliveryFault.OddAnswer, $"HTTP {(int)status}"),
            0 => DeliveryOutcome.Sent,
            { } refused => DeliveryOutcome.Failed(FaultOf(kind, refused, words, skew), $"{refused} {words}"),
        };
    }

    private static DeliveryOutcome? OfStatus(HttpStatusCode status, TimeSpan? retryAfter) => (int)status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => DeliveryOutcome.Failed(DeliveryFault.ForbiddenAddress, $"HTTP {(int)status}"),
        429 => DeliveryOutcome.Failed(DeliveryFault.RateLimited, "HTTP 429", retryAfter),
        408 or 425 or >= 500 => DeliveryOutcome.Failed(DeliveryFault.ServerBusy, $"HTTP {(int)status}", retryAfter),
        401 or 403 => DeliveryOutcome.Failed(DeliveryFault.WrongSign, $"HTTP {(int)status}"),
        404 or 410 => DeliveryOutcome.Failed(DeliveryFault.BadToken, $"HTTP {(int)status}"),
        400 or 413 or 415 or 422 => DeliveryOutcome.Failed(DeliveryFault.BadMessage, $"HTTP {(int)status}"),
        _ => DeliveryOutcome.Failed(DeliveryFault.Refused, $"HTTP {(int)status}"),
    };

    private static DeliveryFault FaultOf(ChannelKind kind, int code, string words, TimeSpan? skew) => kind switch
    {
        ChannelKind.DingTalk => OfDingTalk(code, words, skew),
        ChannelKind.WeCom => OfWeCom(code),
        ChannelKind.Feishu => OfFeishu(code, skew),
        ChannelKind.Webhook or ChannelKind.Mail => DeliveryFault.Refused,
    };

    private static DeliveryFault OfDingTalk(int code, string words, TimeSpan? skew) => code switch
    {
        -1 => DeliveryFault.ServerBusy,
        130101 or 410100 => DeliveryFault.RateLimited,
        300001 or 300005 or 400101 or 400106 => DeliveryFault.BadToken,
        400013 or 400102 => DeliveryFault.RobotOff,
        40035 or 400105 or 430101 or 430102 or 430103 or 430104 => DeliveryFault.BadMessage,

        // One code for all of its safety settings: the words tell which.
        310000 when Says(words, "keyword") => DeliveryFault.KeywordMissing,
        310000 when Says(words, "whitelist") || Says(words, " ip ") => DeliveryFault.AddressNotAllowed,
        310000 when Says(words, "timestamp") || IsSkewed(skew) => DeliveryFault.ClockSkew,
        310000 => DeliveryFault.WrongSign,
        _ => DeliveryFault.Refused,
    };

    private static DeliveryFault OfWeCom(int code) => code switch
    {
        -1 => DeliveryFault.ServerBusy,
        45009 or 45033 => DeliveryFault.RateLimited,
        93000 or 93008 => DeliveryFault.BadToken,
        60020 => DeliveryFault.AddressNotAllowed,
        40008 or 40058 or 44004 or 45002 => DeliveryFault.BadMessage,
        _ => DeliveryFault.Refused,
    };

    private static DeliveryFault OfFeishu(int code, TimeSpan? skew) => code switch
    {
        19021 => IsSkewed(skew) ? DeliveryFault.ClockSkew : DeliveryFault.WrongSign,
        19022 => DeliveryFault.AddressNotAllowed,
        19024 => DeliveryFault.KeywordMissing,
        19001 => DeliveryFault.BadToken,
        19002 or 9499 => DeliveryFault.BadMessage,
        11232 or 11247 => DeliveryFault.RateLimited,
        _ => DeliveryFault.Refused,
    };

    private static bool Says(string words, string what) => words.Contains(what, StringComparison.OrdinalIgnoreCase);

    private static bool IsSkewed(TimeSpan? skew) => skew is { } off && off.Duration() > MostSkew;

    private static (int? Code, string Words) CodeOf(ReadOnlySpan<byte> body, (string Code, string Words) names)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(names.Code, out JsonElement code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out int number)
                    ? (number, document.RootElement.TryGetProperty(names.Words, out JsonElement words) && words.ValueKind == JsonValueKind.String ? words.GetString()! : "")
                    : (null, "");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return (null, "");
        }
    }
}
