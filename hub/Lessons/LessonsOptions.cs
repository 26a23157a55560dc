using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Section <c>Lessons</c>.</summary>
[Section("Lessons")]
internal sealed record LessonsOptions
{
    /// <summary>How long before the bell the room opens for readiness checks. 1 min to 1 h; default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan OpenBefore { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long before the bell receiving devices join. 10 s to 30 min; default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:30:00")]
    public TimeSpan JoinBefore { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What one press on "extend" adds. 1 to 15 min; default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "00:15:00")]
    public TimeSpan ExtensionStep { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>All extensions together. 0 to 1 h; default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ExtensionLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long after its end a lesson that a person started goes on until it is ended for them. 0 to 1 h; default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan OverrunLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a stop can be taken back; the rooms are freed after it. 0 to 5 min; default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StopTakeBack { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>From a lesson's end to its judgement, so that the last reports are in. 1 s to 10 min; default 8 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How often the clock is looked at. 50 ms to 5 s; default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:05")]
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Shortest time between two snapshots of a lesson. 50 ms to 5 s; default 200 ms (five a second).</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:05")]
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often gathered evidence is written: what a killed hub loses at most. 1 s to 5 s; default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:05")]
    public TimeSpan EvidenceInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Chat lines per person and minute. 1 to 600; default 20.</summary>
    [Range(1, 600)]
    public int ChatLinesPerMinute { get; init; } = 20;
}
