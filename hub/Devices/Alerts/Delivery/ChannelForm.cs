using System.Net.Mail;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>What is wrong with what staff entered about a channel.</summary>
internal enum ChannelFault
{
    NoName,

    /// <summary>Another channel has this name.</summary>
    NameTaken,
    NoSchool,
    KeywordTooLong,
    NoAddress,

    /// <summary>Not an https address.</summary>
    BadAddress,

    /// <summary>Not an address of this kind of robot.</summary>
    ForeignAddress,

    /// <summary>The robot's token is missing in it.</summary>
    NoToken,

    /// <summary>A private address that the configuration does not name.</summary>
    PrivateAddress,

    /// <summary>DingTalk's begin with SEC.</summary>
    BadSecret,

    /// <summary>An HMAC key of less than 16 characters.</summary>
    ShortKey,
    NoMailServer,
    BadSender,
    BadRecipients,

    /// <summary>Mail without TLS to a server that the configuration does not name.</summary>
    PlainMail,

    /// <summary>Somebody else has changed or removed it meanwhile.</summary>
    Changed,
}

/// <summary>A channel as staff fill it in. Secrets go in only: an empty one keeps what is there.</summary>
internal sealed class ChannelForm
{
    public string? Name { get; set; }

    public AlertSeverity MinimumSeverity { get; set; } = AlertSeverity.Warning;

    public bool AllSchools { get; set; } = true;

    public List<Guid> Schools { get; set; } = [];

    public string? Language { get; set; }

    public string? Keyword { get; set; }

    public string? Address { get; set; }

    public string? Key { get; set; }

    /// <summary>Forget the key that is there.</summary>
    public bool DropKey { get; set; }

    public string? MailHost { get; set; }

    public int? MailPort { get; set; }

    public MailSecurity MailSecurity { get; set; }

    public string? MailUser { get; set; }

    public string? MailFrom { get; set; }

    public string? MailTo { get; set; }

    /// <summary>Of the row that the form was filled from.</summary>
    public long Version { get; set; }

    public IReadOnlyList<string> Recipients => (MailTo ?? "").Split([',', ';', '\n', '\r', ' ', '，', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static ChannelForm Of(AlertChannel row) => new()
    {
        Name = row.Name,
        MinimumSeverity = row.MinimumSeverity,
        AllSchools = row.AllSchools,
        Schools = [.. row.Schools.Select(s => s.SchoolId)],
        Language = row.Language,
        Keyword = row.Keyword,
        MailHost = row.MailHost,
        MailPort = row.MailPort,
        MailSecurity = row.MailSecurity ?? MailSecurity.StartTls,
        MailUser = row.MailUser,
        MailFrom = row.MailFrom,
        MailTo = row.MailTo?.Replace(",", "\n", StringComparison.Ordinal),
        Version = row.Version,
    };

    public static bool IsMailAddress(string text) => text.Length <= 254 && MailAddress.TryCreate(text, out MailAddress? address) && address.Address == text;
}
