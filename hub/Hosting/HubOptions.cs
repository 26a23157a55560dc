using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>Section <c>Hub</c>.</summary>
[Section("Hub")]
internal sealed record HubOptions : IValidatableObject
{
    /// <summary>The one port: TCP for pages, signalling and media over TCP, UDP for media. 1 to 65535; default 8443.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 8443;

    /// <summary>IP address to listen on; 0.0.0.0 is every interface. Plain HTTP listens on loopback whatever this says.</summary>
    [Required]
    public string Listen { get; init; } = "0.0.0.0";

    /// <summary>Serve HTTPS. Without <see cref="Certificate"/> a self-signed one is made into the data folder.</summary>
    public bool Https { get; init; }

    /// <summary>Path of a PEM or PFX certificate; implies HTTPS.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Path of the PEM private key, when it is not in the certificate's own file.</summary>
    public string CertificateKey { get; init; } = "";

    /// <summary>Password of the PFX or the encrypted key. Better given in the environment (Hub__CertificatePassword).</summary>
    public string CertificatePassword { get; init; } = "";

    /// <summary>Everything the hub writes is below this folder: database, keys, recordings, logs. It is made when missing.</summary>
    [Required]
    public string DataFolder { get; init; } = "data";

    /// <summary>IANA time zone of the county: days and bells are local to it.</summary>
    [Required]
    public string TimeZone { get; init; } = "Asia/Shanghai";

    /// <summary>A county file to load at every start; what is there already is left alone. Empty: none.</summary>
    public string SeedCounty { get; init; } = "";

    /// <summary>How people reach the hub's pages, such as <c>https://hub.county.example:8443</c>: for links in messages. Empty: messages have no links.</summary>
    public string PublicAddress { get; init; } = "";

    public bool ServesHttps => Https || Certificate.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Listen, out _))
        {
            yield return new ValidationResult("must be an IP address, e.g. 0.0.0.0", [nameof(Listen)]);
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            yield return new ValidationResult("must be an IANA time zone, e.g. Asia/Shanghai", [nameof(TimeZone)]);
        }

        if (PublicAddress.Length > 0 && !(Uri.TryCreate(PublicAddress, UriKind.Absolute, out Uri? pages) && pages.Scheme is "https" or "http" && pages.PathAndQuery == "/"))
        {
            yield return new ValidationResult("must be the address of the hub's pages without a path, e.g. https://hub.county.example:8443", [nameof(PublicAddress)]);
        }

        foreach ((string path, string name) in new[] { (Certificate, nameof(Certificate)), (CertificateKey, nameof(CertificateKey)) })
        {
            if (path.Length > 0 && !File.Exists(path))
            {
                yield return new ValidationResult("must be the path of an existing file", [name]);
            }
        }
    }
}
