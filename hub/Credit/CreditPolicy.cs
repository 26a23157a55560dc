using System.Text.Json.Serialization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>What becomes of a lesson that is shorter than asked for but not nothing.</summary>
internal enum PartialRule
{
    /// <summary>It is invalid and earns nothing.</summary>
    None,

    /// <summary>It earns its share: effective time over planned time.</summary>
    ProRata,
}

/// <summary>认定课时 per 课时 taught, exact hundredths.</summary>
internal sealed record RoleRatios
{
    public required decimal Lecturer { get; init; }

    public required decimal Assistant { get; init; }
}

/// <summary>How long one period (课时) is.</summary>
internal sealed record StandardPeriods
{
    public required TimeSpan Primary { get; init; }

    public required TimeSpan Junior { get; init; }

    public TimeSpan Of(Stage stage) => stage == Stage.Primary ? Primary : Junior;

    /// <summary>
    /// The length of one 课时 in a lesson that is planned this long. Bells differ between schools: 45 minutes in a primary school are one period, not
    /// one and an eighth; 80 or 90 minutes are two.
    /// </summary>
    /// <returns>Never shorter than <see cref="Of"/>.</returns>
    public TimeSpan Within(Stage stage, TimeSpan planned)
    {
        TimeSpan standard = Of(stage);
        decimal periods = Math.Max(1, decimal.Round((decimal)planned.Ticks / standard.Ticks, MidpointRounding.AwayFromZero));
        return new TimeSpan(Math.Max(standard.Ticks, (long)(planned.Ticks / periods)));
    }
}

/// <summary>
/// The county's 课时认定办法 as data. Every judgement names the <see cref="Version"/> it was made under; a changed rule gets a new version.
/// </summary>
internal sealed record CreditPolicy
{
    /// <summary>1 to 40 characters.</summary>
    public required string Version { get; init; }

    /// <summary>Shown to teachers.</summary>
    public required string Name { get; init; }

    public required StandardPeriods StandardPeriod { get; init; }

    public required IReadOnlyDictionary<LessonMode, RoleRatios> Ratios { get; init; }

    /// <summary>A lesson is valid from this effective time on …. 10 s to 2 h.</summary>
    public required TimeSpan ValidMinimum { get; init; }

    /// <summary>… and from this share of its planned time on; the larger of both counts. Over 0 to 1.</summary>
    public required decimal ValidShareOfPeriod { get; init; }

    public required PartialRule Partial { get; init; }

    /// <summary>Smallest share of the planned time that earns anything under <see cref="PartialRule.ProRata"/>. Over 0 to 1.</summary>
    public required decimal PartialFrom { get; init; }

    /// <summary>Gaps shorter than this are bridged; an absence of the host that is longer interrupts the lesson. 1 s to 10 min.</summary>
    public required TimeSpan Bridge { get; init; }

    /// <summary>How far before the planned start and after the planned end teaching still counts. 0 to 30 min.</summary>
    public required TimeSpan Margin { get; init; }

    /// <summary>How many receiving classrooms must be there at the same time. 1 to 8.</summary>
    public required int Quorum { get; init; }

    /// <summary>Not started so long after the bell is an alert; not started by the end either is 无故停课. 0 to 1 h.</summary>
    public required TimeSpan StartGrace { get; init; }

    /// <summary>How long after the end late evidence is waited for and changes a judgement. 0 to 30 days.</summary>
    public required TimeSpan LateEvidenceWindow { get; init; }

    [JsonIgnore]
    public string File { get; init; } = "";

    /// <summary>The period when it is shorter than any school's (under 10 min): a demonstration or a trial, and the pages say so. Else null.</summary>
    [JsonIgnore]
    public TimeSpan? TrialPeriod
    {
        get
        {
            TimeSpan shortest = StandardPeriod.Primary < StandardPeriod.Junior ? StandardPeriod.Primary : StandardPeriod.Junior;
            return shortest < TimeSpan.FromMinutes(10) ? shortest : null;
        }
    }
}
