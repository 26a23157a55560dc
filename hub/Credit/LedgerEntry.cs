using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>How an occurrence was judged.</summary>
internal enum JudgementStatus
{
    /// <summary>有效.</summary>
    Valid,

    /// <summary>部分: shorter than asked for, credited pro rata where the county chose so.</summary>
    Partial,

    /// <summary>无效.</summary>
    Invalid,

    /// <summary>因故停课.</summary>
    Cancelled,

    /// <summary>无故停课.</summary>
    Missed,

    /// <summary>未判定: evidence is still awaited.</summary>
    Undetermined,
}

/// <summary>What a person did in the lesson.</summary>
internal enum CreditRole
{
    /// <summary>主讲教师.</summary>
    Lecturer,

    /// <summary>辅助教师 in a receiving classroom.</summary>
    Assistant,
}

internal enum LedgerKind
{
    Credit,

    /// <summary>冲销: takes back an earlier entry in full, because later evidence changed the judgement.</summary>
    Reversal,
}

/// <summary>One judgement of an occurrence. Later evidence adds a higher revision. Append-only (the database refuses changes).</summary>
internal sealed class StoredJudgement
{
    public Guid Id { get; set; }

    public Guid OccurrenceId { get; set; }

    /// <summary>1, 2, … within the occurrence; the highest holds.</summary>
    public int Revision { get; set; }

    public DateTimeOffset JudgedAt { get; set; }

    public JudgementStatus Status { get; set; }

    public string PolicyVersion { get; set; } = "";

    /// <summary>Effective time by all evidence together: this one decides.</summary>
    public TimeSpan Effective { get; set; }

    /// <summary>Effective time by the hub's observations alone.</summary>
    public TimeSpan EffectiveByHub { get; set; }

    /// <summary>Effective time by the agents' observations alone.</summary>
    public TimeSpan EffectiveByAgents { get; set; }

    /// <summary>Evidence alone does not decide the lesson, or a room of it: a county administrator does.</summary>
    public bool NeedsDecision { get; set; }

    /// <summary>The whole <see cref="Verdict"/> as JSON: receivers, lines, reasons.</summary>
    public string Verdict { get; set; } = "";
}

/// <summary>One movement of a person's class hours. Append-only (the database refuses changes).</summary>
internal sealed class LedgerEntry
{
    public Guid Id { get; set; }

    public Guid JudgementId { get; set; }

    public Guid OccurrenceId { get; set; }

    public Occurrence Occurrence { get; set; } = null!;

    public Guid TeacherId { get; set; }

    public Teacher Teacher { get; set; } = null!;

    public CreditRole Role { get; set; }

    public LedgerKind Kind { get; set; }

    /// <summary>The entry that a reversal takes back; each can be taken back once. Null in credits, and in reversals from before this was kept.</summary>
    public Guid? ReversesId { get; set; }

    /// <summary>Of the judgement that brought this credit; a reversal carries the revision it takes back.</summary>
    public int Revision { get; set; }

    public LessonMode Mode { get; set; }

    /// <summary>课时 before the ratio, exact hundredths; negative in a reversal.</summary>
    public decimal Units { get; set; }

    public decimal Ratio { get; set; }

    /// <summary>认定课时, exact hundredths; negative in a reversal.</summary>
    public decimal Hours { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Reason codes with arguments as JSON, for the reason texts.</summary>
    public string Reasons { get; set; } = "[]";

    public LedgerKey Key => new(Id, Kind, ReversesId, OccurrenceId, TeacherId, Role, Revision);
}

internal sealed class LedgerMapping : IEntityTypeConfiguration<StoredJudgement>, IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<StoredJudgement> judgement)
    {
        judgement.ToTable("Judgements");
        judgement.Property(j => j.PolicyVersion).HasMaxLength(40);
        judgement.HasOne<Occurrence>().WithMany().HasForeignKey(j => j.OccurrenceId).OnDelete(DeleteBehavior.Restrict);
        judgement.HasIndex(j => new { j.OccurrenceId, j.Revision }).IsUnique();
        judgement.HasIndex(j => j.NeedsDecision).HasFilter("\"NeedsDecision\"");
    }

    public void Configure(EntityTypeBuilder<LedgerEntry> entry)
    {
        entry.ToTable("LedgerEntries");
        entry.Ignore(e => e.Key);
        entry.HasOne<StoredJudgement>().WithMany().HasForeignKey(e => e.JudgementId).OnDelete(DeleteBehavior.Restrict);
        entry.HasOne(e => e.Occurrence).WithMany().HasForeignKey(e => e.OccurrenceId).OnDelete(DeleteBehavior.Restrict);
        entry.HasOne(e => e.Teacher).WithMany().HasForeignKey(e => e.TeacherId).OnDelete(DeleteBehavior.Restrict);
        entry.HasIndex(e => e.ReversesId).IsUnique();
        entry.HasIndex(e => new { e.OccurrenceId, e.TeacherId, e.Role, e.Revision, e.Kind }).IsUnique();
        entry.HasIndex(e => new { e.TeacherId, e.At });
    }
}
