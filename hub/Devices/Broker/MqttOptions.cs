using System.ComponentModel.DataAnnotations;
using System.Net;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>Who runs the broker.</summary>
internal enum MqttMode
{
    /// <summary>The hub starts and supervises Mosquitto.</summary>
    Managed,

    /// <summary>The county has one already.</summary>
    External,

    /// <summary>None: lessons run, health is not watched.</summary>
    Off,
}

/// <summary>Section <c>Mqtt</c>: the broker between the hub and the classroom devices.</summary>
[Section("Mqtt")]
internal sealed record MqttOptions : IValidatableObject
{
    /// <summary>Managed, External or Off; default Managed. Without a broker program on the machine Managed comes to the same as Off, and pages say so.</summary>
    public MqttMode Mode { get; init; } = MqttMode.Managed;

    /// <summary>
    /// The port that devices connect to. 0 to 65535; default 8883. Managed: 0 is a free one, found once and kept in the data folder.
    /// </summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 8883;

    /// <summary>Managed: IP address that the devices' listener is bound to; 0.0.0.0 is every interface.</summary>
    [Required]
    public string Listen { get; init; } = "0.0.0.0";

    /// <summary>Managed: path of the broker program. Empty: where distributions put it.</summary>
    public string Program { get; init; } = "";

    /// <summary>The name or address at which devices reach the broker. Empty: Managed, the one at which they reach the hub; External, <see cref="Host"/>.</summary>
    public string PublicHost { get; init; } = "";

    /// <summary>External: name or address of the broker, as the hub reaches it.</summary>
    public string Host { get; init; } = "";

    /// <summary>External: PEM file of the authority that signed the broker's certificate. Empty: no TLS, for a broker on this machine only.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>External: the hub's own user, which reads what devices send and writes what they read.</summary>
    public string Username { get; init; } = "";

    /// <summary>External. Better given in the environment (Mqtt__Password).</summary>
    public string Password { get; init; } = "";

    /// <summary>External: the user that may administer clients over the dynamic-security plugin; another one than <see cref="Username"/>.</summary>
    public string AdminUsername { get; init; } = "";

    /// <summary>External. Better given in the environment (Mqtt__AdminPassword).</summary>
    public string AdminPassword { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Listen, out _))
        {
            yield return new ValidationResult("must be an IP address, e.g. 0.0.0.0", [nameof(Listen)]);
        }

        if (Program.Length > 0 && !File.Exists(Program))
        {
            yield return new ValidationResult("must be the path of an existing file", [nameof(Program)]);
        }

        if (Mode != MqttMode.External)
        {
            yield break;
        }

        foreach ((string value, string name) in new[]
        {
            (Host, nameof(Host)), (Username, nameof(Username)), (Password, nameof(Password)), (AdminUsername, nameof(AdminUsername)),
            (AdminPassword, nameof(AdminPassword)),
        })
        {
            if (value.Length == 0)
            {
                yield return new ValidationResult("must be set when Mqtt:Mode is External", [name]);
            }
        }

        if (Port == 0)
        {
            yield return new ValidationResult("must be the broker's port when Mqtt:Mode is External", [nameof(Port)]);
        }

        if (Username == AdminUsername && Username.Length > 0)
        {
            yield return new ValidationResult("must be another user than Mqtt:Username: a change of one's own user ends one's connection", [nameof(AdminUsername)]);
        }

        if (CaFile.Length > 0 ? !File.Exists(CaFile) : !IsThisMachine(Host))
        {
            yield return new ValidationResult("must be the path of an existing file; only a broker on this machine is reached without TLS", [nameof(CaFile)]);
        }
    }

    private static bool IsThisMachine(string host) => host is "" or "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
