using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Attendance;

/// <summary>Who observed.</summary>
internal enum EvidenceSource
{
    /// <summary>The hub, from the packets that came and the reports of those that went.</summary>
    Hub,

    /// <summary>The classroom's agent, from the pictures it decoded.</summary>
    Agent,
}

/// <summary>What was observed of the seat.</summary>
internal enum EvidenceKind
{
    /// <summary>The seat's stream reached the hub.</summary>
    Publishing,

    /// <summary>The lecturer's stream reached the seat.</summary>
    Receiving,

    /// <summary>The seat's own device recorded the room while it could not reach the hub.</summary>
    Recording,
}

/// <summary>
/// A stretch of time observed at one seat, [<see cref="From"/>, <see cref="To"/>). Append-only (the database refuses changes);
/// rows may overlap and arrive in any order.
/// </summary>
internal sealed class EvidenceInterval
{
    public long Id { get; set; }

    public Guid LessonId { get; set; }

    public string SeatId { get; set; } = "";

    public EvidenceSource Source { get; set; }

    public EvidenceKind Kind { get; set; }

    public DateTimeOffset From { get; set; }

    public DateTimeOffset To { get; set; }

    /// <summary>True: it went well. False: the observer was there and saw that it did not (black, frozen, nothing decoded; more than half lost).</summary>
    public bool Good { get; set; }

    /// <summary>A picture that moved; null in rows from before the two were kept apart: as <see cref="Good"/>.</summary>
    public bool? Seen { get; set; }

    /// <summary>Sound; null like <see cref="Seen"/>.</summary>
    public bool? Heard { get; set; }

    /// <summary>The device whose claim this is; null: the hub's own observation.</summary>
    public string? DeviceId { get; set; }

    /// <summary>The lecturer's stream that was forwarded to the seat, or that its claim is about; null: what the seat itself sent or kept.</summary>
    public string? StreamId { get; set; }

    public DateTimeOffset RecordedAt { get; set; }
}

internal sealed class EvidenceIntervalMapping : IEntityTypeConfiguration<EvidenceInterval>
{
    public void Configure(EntityTypeBuilder<EvidenceInterval> interval)
    {
        interval.ToTable("EvidenceIntervals");
        interval.Property(i => i.SeatId).HasMaxLength(8);
        interval.Property(i => i.DeviceId).HasMaxLength(40);
        interval.Property(i => i.StreamId).HasMaxLength(32);
        interval.HasIndex(i => new { i.LessonId, i.SeatId });
    }
}
