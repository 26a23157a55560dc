using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>One dated joint lesson. Its id never changes and is the lesson's id everywhere.</summary>
internal sealed class Occurrence
{
    public Guid Id { get; set; }

    public LessonMode Mode { get; set; }

    /// <summary>学科, e.g. 英语.</summary>
    public string Subject { get; set; } = "";

    /// <summary>课题.</summary>
    public string Topic { get; set; } = "";

    public Stage Stage { get; set; }

    public Guid LecturerId { get; set; }

    public Teacher Lecturer { get; set; } = null!;

    /// <summary>Planned start, UTC, inclusive.</summary>
    public DateTimeOffset StartsAt { get; set; }

    /// <summary>Planned end, UTC, exclusive. Extensions while live do not change it.</summary>
    public DateTimeOffset EndsAt { get; set; }

    /// <summary>What counts as one period (课时) in this lesson, taken from the policy when it was planned.</summary>
    public TimeSpan StandardPeriod { get; set; }

    /// <summary>Goes live by itself at its bell once the host's stream is there.</summary>
    public bool StartsByTimetable { get; set; }

    public LessonPhase Phase { get; set; }

    /// <summary>When the plan row was filed; hours are recognised only for lessons filed before their start.</summary>
    public DateTimeOffset FiledAt { get; set; }

    /// <summary>When it really went live; null when it never did.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it really ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public string? CancelReason { get; set; }

    public DateTimeOffset? CancelledAt { get; set; }

    public Guid? CancelledById { get; set; }

    /// <summary>When the lesson is next to be judged, UTC; null: not before something else happens.</summary>
    public DateTimeOffset? JudgeAt { get; set; }

    /// <summary>Rises with every change of the row: whoever changes it on an older reading is refused.</summary>
    public int Version { get; set; }

    /// <summary>Host first, then r1, r2, … in order.</summary>
    public List<Participation> Participations { get; } = [];

    public Participation Host => Participations.Single(p => p.Role == SeatRole.Host);
}

/// <summary>One classroom's seat in an occurrence.</summary>
internal sealed class Participation
{
    public const string HostSeat = "host";

    public Guid Id { get; set; }

    public Guid OccurrenceId { get; set; }

    /// <summary>"host", "r1", "r2", …: fixed for the occurrence's life.</summary>
    public string SeatId { get; set; } = "";

    public SeatRole Role { get; set; }

    public Guid ClassroomId { get; set; }

    public Classroom Classroom { get; set; } = null!;

    public Guid? SchoolClassId { get; set; }

    public SchoolClass? SchoolClass { get; set; }

    /// <summary>辅助教师 in a receiving classroom; null when nobody was named.</summary>
    public Guid? AssistantId { get; set; }

    public Teacher? Assistant { get; set; }

    /// <summary>The occurrence's own times, repeated so that the database can refuse a double booking of the room.</summary>
    public DateTimeOffset StartsAt { get; set; }

    public DateTimeOffset EndsAt { get; set; }

    /// <summary>The room is taken; false once the lesson was cancelled or is over.</summary>
    public bool Booked { get; set; } = true;
}

internal sealed class OccurrenceMapping : IEntityTypeConfiguration<Occurrence>, IEntityTypeConfiguration<Participation>
{
    public void Configure(EntityTypeBuilder<Occurrence> occurrence)
    {
        occurrence.ToTable("Occurrences");
        occurrence.Ignore(o => o.Host);
        occurrence.Property(o => o.Id).ValueGeneratedNever();
        occurrence.Property(o => o.Subject).HasMaxLength(40);
        occurrence.Property(o => o.Topic).HasMaxLength(120);
        occurrence.Property(o => o.CancelReason).HasMaxLength(500);
        occurrence.HasOne(o => o.Lecturer).WithMany().HasForeignKey(o => o.LecturerId).OnDelete(DeleteBehavior.Restrict);
        occurrence.HasMany(o => o.Participations).WithOne().HasForeignKey(p => p.OccurrenceId).OnDelete(DeleteBehavior.Cascade);
        occurrence.HasIndex(o => o.StartsAt);
        occurrence.HasIndex(o => new { o.Phase, o.StartsAt });
        occurrence.HasIndex(o => o.JudgeAt).HasFilter("\"JudgeAt\" IS NOT NULL");
        occurrence.Property(o => o.Version).IsConcurrencyToken();
        occurrence.HasIndex(o => new { o.LecturerId, o.StartsAt }).IsUnique().HasFilter("\"Phase\" <> 'Cancelled'");
    }

    public void Configure(EntityTypeBuilder<Participation> participation)
    {
        participation.ToTable("Participations");
        participation.Property(p => p.SeatId).HasMaxLength(8);
        participation.HasOne(p => p.Classroom).WithMany().HasForeignKey(p => p.ClassroomId).OnDelete(DeleteBehavior.Restrict);
        participation.HasOne(p => p.SchoolClass).WithMany().HasForeignKey(p => p.SchoolClassId).OnDelete(DeleteBehavior.Restrict);
        participation.HasOne(p => p.Assistant).WithMany().HasForeignKey(p => p.AssistantId).OnDelete(DeleteBehavior.Restrict);
        participation.HasIndex(p => new { p.OccurrenceId, p.SeatId }).IsUnique();
        participation.HasIndex(p => new { p.OccurrenceId, p.ClassroomId }).IsUnique();
        participation.HasIndex(p => new { p.ClassroomId, p.StartsAt }).IsUnique().HasFilter("\"Booked\"");
    }
}
