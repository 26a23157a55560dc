using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Section <c>Alerts</c>: when what is wrong becomes a message. Which kinds, and how urgent, staff decide on the rules page.</summary>
[Section("Alerts")]
internal sealed record AlertsOptions : IValidatableObject
{
    /// <summary>What is over within this time is never told. 0 to 10 min; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan GroupWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two messages of one group. 30 s to 24 h; default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan GroupInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A group that nobody has acknowledged is told again. 10 min to 7 days, not under <see cref="GroupInterval"/>; default 4 h.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00")]
    public TimeSpan RepeatInterval { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Less urgent alerts stand on the desk but are told to nobody. Default Warning.</summary>
    public AlertSeverity TellFrom { get; init; } = AlertSeverity.Warning;

    /// <summary>Alerts named in one message; the rest are counted. 1 to 100; default 20.</summary>
    [Range(1, 100)]
    public int MaxAlerts { get; init; } = 20;

    /// <summary>A school counts as cut off when so many per cent of its devices, and two at least, cannot be reached. 51 to 100; default 80.</summary>
    [Range(51, 100)]
    public int SchoolPercent { get; init; } = 80;

    /// <summary>Flapping is judged over twenty stretches of this length. 10 s to 1 h; default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan FlapStretch { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Flapping begins at this weighted share of changes, in per cent. 10 to 100; default 25.</summary>
    [Range(10, 100)]
    public int FlapStart { get; init; } = 25;

    /// <summary>Flapping ends below this one. 1 to 99, under <see cref="FlapStart"/>; default 10.</summary>
    [Range(1, 99)]
    public int FlapStop { get; init; } = 10;

    /// <summary>Send a sign of life every day: when it stays away, the alerts themselves are dead. Default true.</summary>
    public bool Alive { get; init; } = true;

    /// <summary>When, by the county's clock. 00:00 to 23:59; default 08:00.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:00")]
    public TimeSpan AliveAt { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Language of messages: zh-CN or en; default zh-CN.</summary>
    [Required]
    public string Language { get; init; } = ShellFeature.Chinese;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RepeatInterval < GroupInterval)
        {
            yield return new ValidationResult("must not be shorter than GroupInterval", [nameof(RepeatInterval)]);
        }

        if (FlapStop >= FlapStart)
        {
            yield return new ValidationResult("must be under FlapStart", [nameof(FlapStop)]);
        }

        if (Language is not (ShellFeature.Chinese or ShellFeature.English))
        {
            yield return new ValidationResult("must be zh-CN or en", [nameof(Language)]);
        }
    }
}
