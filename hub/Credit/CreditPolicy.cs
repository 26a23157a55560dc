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

/// <summary>What must have reached a room so that it counts as lesson there.</summary>
internal enum CountsRule
{
    /// <summary>A moving picture or sound: a lesson goes on by voice when the line is too thin for the picture.</summary>
    SeenOrHeard,

    /// <summary>Both at the same time.</summary>
    SeenAndHeard,

    Seen,

    Heard,
}

/// <summary>Rooms that took part one after the other.</summary>
internal enum DisjointRooms
{
    /// <summary>Their times add up: two rooms of 25 minutes each make a lesson for the lecturer.</summary>
    Together,

    /// <summary>As many rooms as the quorum asks for must each have been there long enough themselves.</summary>
    OneRoom,
}

/// <summary>A room that saw all of a lesson which is invalid because too few rooms were there.</summary>
internal enum RoomWithoutQuorum
{
    /// <summary>Earns nothing.</summary>
    Nothing,

    /// <summary>Its assistant earns the lesson, the lecturer does not.</summary>
    Assistant,
}

/// <summary>How many 课时 a lesson longer than one period is.</summary>
internal enum LongLessonRule
{
    /// <summary>The number of periods is rounded to the nearest: 59 minutes are one period, 60 are one and a half (of 40).</summary>
    NearestPeriod,

    /// <summary>Only whole periods count: 60 minutes are one, 80 are two (of 40).</summary>
    WholePeriods,

    /// <summary>To the hundredth by time: 59 minutes are 1.47, 60 are 1.50 (of 40).</summary>
    Proportional,
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
    public TimeSpan Within(Stage stage, TimeSpan planned, LongLessonRule rule = LongLessonRule.NearestPeriod)
    {
        TimeSpan standard = Of(stage);
        decimal exact = (decimal)planned.Ticks / standard.Ticks;
        decimal periods = rule switch
        {
            LongLessonRule.NearestPeriod => Math.Max(1, decimal.Round(exact, MidpointRounding.AwayFromZero)),
            LongLessonRule.WholePeriods => Math.Max(1, decimal.Floor(exact)),
            LongLessonRule.Proportional => Math.Max(1, exact),
        };
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

    /// <summary>Default <see cref="CountsRule.SeenOrHeard"/>.</summary>
    public CountsRule Counts { get; init; } = CountsRule.SeenOrHeard;

    /// <summary>Default <see cref="DisjointRooms.Together"/>.</summary>
    public DisjointRooms DisjointRooms { get; init; } = DisjointRooms.Together;

    /// <summary>Default <see cref="RoomWithoutQuorum.Nothing"/>.</summary>
    public RoomWithoutQuorum RoomWithoutQuorum { get; init; } = RoomWithoutQuorum.Nothing;

    /// <summary>Applied when a lesson is planned. Default <see cref="LongLessonRule.NearestPeriod"/>.</summary>
    public LongLessonRule LongLesson { get; init; } = LongLessonRule.NearestPeriod;

    /// <summary>Observations come about once a second, so a lesson that is short by no more than this is not short. 0 to 30 s; default 2 s.</summary>
    public TimeSpan SamplingTolerance { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A lesson to which nobody came can be cancelled until so long after its planned start; later it is 无故停课. 0 to 1 h; default 0: only before.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.Zero;

    /// <summary>Gaps shorter than this, between stretches at least as long, are bridged; an absence of the host that is longer interrupts the lesson. 1 s to 10 min.</summary>
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
