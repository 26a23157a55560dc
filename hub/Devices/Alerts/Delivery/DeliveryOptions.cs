using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>Section <c>AlertDelivery</c>.</summary>
[Section("AlertDelivery")]
internal sealed record DeliveryOptions : IValidatableObject
{
    private static readonly string[] Schemes = [Uri.UriSchemeHttps, Uri.UriSchemeHttp, "smtp"];

    /// <summary>
    /// Where messages may go beyond the three robots' own hosts and public addresses: origins such as <c>https://robot.county.example:8443</c> for a
    /// robot behind the county's own gateway or a receiver in its intranet, <c>smtp://mail.county.example:25</c> for its mail server.
    /// Plain http and mail without TLS are spoken to these only.
    /// </summary>
    public IReadOnlyList<string> TrustedOrigins { get; init; } = [];

    /// <summary>Messages per minute and channel; what is beyond is put together into one. 1 to 15; default 15 (DingTalk and WeCom refuse the 21st).</summary>
    [Range(1, 15)]
    public int PerMinute { get; init; } = 15;

    /// <summary>A send that is not answered is given up and tried again. 1 s to 1 min; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A message is laid aside for staff after so many failed tries. 1 to 100; default 20.</summary>
    [Range(1, 100)]
    public int Tries { get; init; } = 20;

    /// <summary>A message that waited for so long is laid aside for staff. 10 min to 3 days; default 12 h.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "3.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Sent, discarded and laid-aside messages are kept for so many days. 1 to 400; default 30.</summary>
    [Range(1, 400)]
    public int KeepDays { get; init; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        TrustedOrigins.Where(o => !(Uri.TryCreate(o, UriKind.Absolute, out Uri? uri) && Schemes.Contains(uri.Scheme) && uri.Host.Length > 0 && uri.PathAndQuery is "/" or ""))
            .Select(o => new ValidationResult($"'{o}' is not an origin such as https://host:port or smtp://host:port", [nameof(TrustedOrigins)]));
}
