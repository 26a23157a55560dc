using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;

/// <summary>How each service wants to see that the hub knows a secret. Pure. They look alike and are not: key and message change places.</summary>
internal static class RobotSignature
{
    /// <summary>DingTalk: HMAC-SHA256 over "milliseconds, line end, secret" with the secret as key, Base64; goes into the query.</summary>
    public static string DingTalk(string secret, long milliseconds) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Lines(milliseconds, secret)));

    /// <summary>Feishu: HMAC-SHA256 over nothing with "seconds, line end, secret" as key, Base64; goes into the body.</summary>
    public static string Feishu(string secret, long seconds) => Convert.ToBase64String(HMACSHA256.HashData(Lines(seconds, secret), Array.Empty<byte>()));

    /// <summary>Generic webhook: HMAC-SHA256 over "seconds, full stop, body", as <c>v1=</c> and lower-case hex.</summary>
    public static string Webhook(string key, long seconds, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}."));
        byte[] signed = [.. head, .. body];
        return "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
    }

    private static byte[] Lines(long time, string secret) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time}\n{secret}"));
}
