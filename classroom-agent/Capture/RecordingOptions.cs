using System.ComponentModel.DataAnnotations;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>The local recording that is always kept, whatever becomes of the network.</summary>
internal sealed record RecordingOptions
{
    /// <summary>Minutes per file, 1 to 60.</summary>
    [Range(1, 60)]
    public int SegmentMinutes { get; init; } = 10;

    /// <summary>Space for local recordings in MiB, 100 and up; the oldest files go first.</summary>
    [Range(100, 10_000_000)]
    public int QuotaMb { get; init; } = 20_000;

    /// <summary>Files older than this many days are removed, 1 to 365.</summary>
    [Range(1, 365)]
    public int KeepDays { get; init; } = 14;

    /// <summary>Recording stops below this much free space in MiB, so that evidence can still be written; 10 and up.</summary>
    [Range(10, 1_000_000)]
    public int ReserveMb { get; init; } = 200;
}
