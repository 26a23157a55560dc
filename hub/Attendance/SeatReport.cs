using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Attendance;

/// <summary>What a classroom's device reports of its own part in a lesson. Stored by name: rename nothing.</summary>
internal enum SeatReportKind
{
    Attends,
    Joined,
    CutOff,
    Restarted,
    Left,

    /// <summary>Text is "ok" or the names of the faulty parts.</summary>
    Readiness,
}

/// <summary>
/// One line of a device's own account of a lesson, written down by it at the time, whether or not the hub was there. Append-only (the
/// database refuses changes); arrives in any order.
/// </summary>
internal sealed class SeatReport
{
    public long Id { get; set; }

    public Guid LessonId { get; set; }

    public string SeatId { get; set; } = "";

    public SeatReportKind Kind { get; set; }

    /// <summary>By the hub's clock, corrected.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>How far <see cref="At"/> may be off; null: nobody knows.</summary>
    public long? ErrorMs { get; set; }

    public string? Text { get; set; }

    /// <summary>Handed in late: nobody saw it while the lesson went on.</summary>
    public bool Late { get; set; }

    public DateTimeOffset RecordedAt { get; set; }
}

internal sealed class SeatReportMapping : IEntityTypeConfiguration<SeatReport>
{
    public void Configure(EntityTypeBuilder<SeatReport> report)
    {
        report.ToTable("SeatReports");
        report.Property(r => r.SeatId).HasMaxLength(8);
        report.Property(r => r.Text).HasMaxLength(100);
        report.HasIndex(r => r.LessonId);
    }
}
