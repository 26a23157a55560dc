using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>
/// A county administrator's word on a lesson that evidence alone does not decide. Append-only (the database refuses changes); of several the
/// newest holds.
/// </summary>
internal sealed class LessonDecision
{
    public Guid Id { get; set; }

    public Guid OccurrenceId { get; set; }

    /// <summary>Valid, Invalid, Cancelled or Missed.</summary>
    public JudgementStatus Outcome { get; set; }

    /// <summary>Seat ids of the receiving rooms whose class counts, joined by commas; "" unless the outcome is Valid.</summary>
    public string Rooms { get; set; } = "";

    /// <summary>1 to 500 characters, shown to everybody who may read the lesson's record.</summary>
    public string Reason { get; set; } = "";

    public DateTimeOffset At { get; set; }

    public Guid DecidedById { get; set; }

    /// <summary>The name as it was then.</summary>
    public string DecidedBy { get; set; } = "";
}

internal sealed class LessonDecisionMapping : IEntityTypeConfiguration<LessonDecision>
{
    public void Configure(EntityTypeBuilder<LessonDecision> decision)
    {
        decision.ToTable("LessonDecisions");
        decision.Property(d => d.Rooms).HasMaxLength(80);
        decision.Property(d => d.Reason).HasMaxLength(500);
        decision.Property(d => d.DecidedBy).HasMaxLength(80);
        decision.HasOne<Occurrence>().WithMany().HasForeignKey(d => d.OccurrenceId).OnDelete(DeleteBehavior.Restrict);
        decision.HasIndex(d => new { d.OccurrenceId, d.At });
    }
}
